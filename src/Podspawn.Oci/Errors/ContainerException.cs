using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Errors;

/// <summary>A container cannot be created or run as asked.</summary>
public class ContainerException(string message, int exitStatus = RuntimeException.LaunchFailed) : Exception(message)
{
    /// <summary>125, 126 or 127, as in docker and podman.</summary>
    public int ExitStatus { get; } = exitStatus;
}
