namespace Podspawn.Oci.Runtimes;

/// <summary>An OCI runtime is missing, is not one, or failed.</summary>
public sealed class RuntimeException(string message, int exitStatus = RuntimeException.LaunchFailed) : Exception(message)
{
    /// <summary>The exit status of a launch that failed, as in docker and podman.</summary>
    public const int LaunchFailed = 125;

    /// <summary>The exit status when the command cannot be executed.</summary>
    public const int NotExecutable = 126;

    /// <summary>The exit status when the command is not found.</summary>
    public const int NotFound = 127;

    /// <summary>125, 126 or 127; 128 + n where signal n ended the wait for the runtime.</summary>
    public int ExitStatus { get; } = exitStatus;
}
