using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Errors;

/// <summary>A container that cannot be made or run as asked.</summary>
public class ContainerException(string message, int exitStatus = RuntimeException.LaunchFailed) : Exception(message)
{
    /// <summary>125, 126 or 127, as docker and podman have them.</summary>
    public int ExitStatus { get; } = exitStatus;
}
