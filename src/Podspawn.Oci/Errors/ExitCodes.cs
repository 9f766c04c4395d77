namespace Podspawn.Oci.Errors;

/// <summary>Exit statuses, as docker and podman have them.</summary>
public static class ExitCodes
{
    /// <summary>All went well, and what was asked about is as it should be.</summary>
    public const int Success = 0;

    /// <summary>Something cannot be done to a container, or what was asked about is not as it should be.</summary>
    public const int Failure = 1;

    /// <summary>The launch, or whatever else was asked for, failed before any command of the container ran.</summary>
    public const int LaunchFailed = 125;

    /// <summary>The command cannot be executed.</summary>
    public const int NotExecutable = 126;

    /// <summary>The command is not found.</summary>
    public const int NotFound = 127;

    /// <summary>What a shell adds to the number of the signal that ended a command.</summary>
    public const int SignalBase = 128;

    /// <summary>The status of what a signal ended.</summary>
    /// <param name="signal">Its number, from 1.</param>
    public static int OfSignal(int signal) => SignalBase + signal;
}
