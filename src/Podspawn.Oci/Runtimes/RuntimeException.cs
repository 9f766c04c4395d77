namespace Podspawn.Oci.Runtimes;

/// <summary>An OCI runtime that is missing, is none, or failed.</summary>
public sealed class RuntimeException(string message, int exitStatus = RuntimeException.LaunchFailed) : Exception(message)
{
    /// <summary>The exit status of a launch that failed, as docker and podman have it.</summary>
    public const int LaunchFailed = 125;

    /// <summary>The exit status when the command cannot be executed.</summary>
    public const int NotExecutable = 126;

    /// <summary>The exit status when the command is not found.</summary>
    public const int NotFound = 127;

    /// <summary>125, 126 or 127; 128 + n where signal n has ended the wait for the runtime.</summary>
    public int ExitStatus { get; } = exitStatus;
}
