namespace Podspawn.Oci.Errors;

/// <summary>Exit statuses, as in docker and podman.</summary>
public static class ExitCodes
{
    /// <summary>Success, or the answer to a question is positive.</summary>
    public const int Success = 0;

    /// <summary>Something cannot be done to a container, or the answer to a question is negative.</summary>
    public const int Failure = 1;

    /// <summary>What is to be removed is in use.</summary>
    public const int InUse = 2;

    /// <summary>The launch, or another request, failed before any command of the container ran.</summary>
    public const int LaunchFailed = 125;

    /// <summary>The command cannot be executed.</summary>
    public const int NotExecutable = 126;

    /// <summary>The command is not found.</summary>
    public const int NotFound = 127;

    /// <summary>podman's number for a command that was killed at the end of its time; a shell sees 255.</summary>
    public const int TimedOut = -1;

    /// <summary>A shell adds this to the number of the signal that ended a command.</summary>
    public const int SignalBase = 128;

    /// <summary>The status of a process that a signal has ended.</summary>
    /// <param name="signal">The signal's number, from 1.</param>
    public static int OfSignal(int signal) => SignalBase + signal;
}
