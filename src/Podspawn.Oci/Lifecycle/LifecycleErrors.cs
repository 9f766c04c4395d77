using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Lifecycle;

/// <summary>
/// Errors about a container's existence or state. The exit statuses are podman's: docker's 1 cannot be told from that of a command in the container.
/// </summary>
internal static class LifecycleErrors
{
    internal static ContainerException Of(string message) => new(message);

    /// <summary>The container runs, and is to be removed: the exit status is podman's.</summary>
    internal static ContainerException InUse(string message) => new(message, ExitCodes.InUse);

    internal static ContainerException NotRunning(string name) => Of($"container '{name}' is not running; start it first: {Operation.Start} {name}");

    internal static ContainerException NoSuch(string name) => new NoSuchContainerException(name);
}
