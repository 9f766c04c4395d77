using System.CommandLine;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>system prune</c>: <c>prune</c>, with the flag that scripts for docker and podman give it.</summary>
internal static class SystemPruneVerb
{
    internal static Command Create()
    {
        Command prune = PruneVerb.Create();
        prune.Options.Add(ContainerPruneVerb.Unasked());
        return prune;
    }
}
