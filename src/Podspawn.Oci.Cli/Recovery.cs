using Podspawn.Oci.Images.Store;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Store;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Cli;

/// <summary>Cleans up what killed launchers and interrupted fetches have left.</summary>
internal static class Recovery
{
    /// <summary>Cleans up where we may; a failure is left to the next command of root, and never fails the present verb.</summary>
    internal static void Attempt()
    {
        if (!Environment.IsPrivilegedProcess)
            return;
        try
        {
            try
            {
                new ContainerStore(StateLayout.Default).Recover();
                new VolumeStore(StateLayout.Default).Recover();
            }
            catch (ForeignStoreException)
            {
                // A verb that works with containers reports it; others do not need containers.
            }
            ImageStore.Open();
        }
#pragma warning disable CA1031 // no failure here may stop the verb from its work
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failures.Report($"cannot clear away what an earlier command left: {e.Message}");
        }
    }
}
