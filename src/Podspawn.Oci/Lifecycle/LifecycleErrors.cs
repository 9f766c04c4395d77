using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Errors about a container's existence or state; the exit statuses are docker's.</summary>
internal static class LifecycleErrors
{
    internal static ContainerException Of(string message) => new(message, ExitCodes.Failure);

    internal static ContainerException NotRunning(string name) => Of($"container '{name}' is not running; start it first: {Operation.Start} {name}");

    internal static ContainerException NoSuch(string name) =>
        Of($"no such container: '{Printable.Clean(name, 80)}'; {Operation.List} {Setting.All} lists those that there are");
}
