using Podspawn.Oci.Images.Store;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Store;

namespace Podspawn.Oci.Cli;

/// <summary>Clears away what killed launchers and interrupted fetches left.</summary>
internal static class Recovery
{
    /// <summary>Does so where we may; what fails is the next root's to do, never the present verb's failure.</summary>
    internal static void Attempt()
    {
        if (!Environment.IsPrivilegedProcess)
            return;
        try
        {
            try
            {
                new ContainerStore(StateLayout.Default).Recover();
            }
            catch (ForeignStoreException)
            {
                // A verb that has to do with containers says so; others have no use for it.
            }
            ImageStore.Open();
        }
#pragma warning disable CA1031 // whatever it is, it must not keep this verb from its own errand
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failures.Report($"cannot clear away what an earlier command left: {e.Message}");
        }
    }
}
