using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle;

/// <summary>What cannot be done to a container that is there, or is not: the exit status is docker's for it.</summary>
internal static class LifecycleErrors
{
    private const int ExitStatus = 1;

    internal static ContainerException Of(string message) => new(message, ExitStatus);

    internal static ContainerException NotRunning(string name) => Of($"container '{name}' is not running; start it first: podspawn-oci start {name}");

    internal static ContainerException NoSuch(string name) =>
        Of($"no such container: '{Printable.Clean(name, 80)}'; podspawn-oci ps --all lists those that there are");
}
