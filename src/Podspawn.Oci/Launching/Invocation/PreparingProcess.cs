using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>
/// A process that its runtime has left behind, and that is about to become the command. The runtime returns a moment before execve(2), so it does not
/// report whether that succeeds. runc and crun fork the process, so the kernel tells whether it ever became the command; its name cannot tell, since
/// a command may have any name.
/// </summary>
internal static class PreparingProcess
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(1);

    // Other processes of the container may stop it, or its program may lie on a slow filesystem.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Waits until the process has become the command, or has ended.</summary>
    internal static Preparation AwaitCommand(ProcessIdentity process)
    {
        for (DateTime end = DateTime.UtcNow + Timeout; ; Thread.Sleep(Poll))
        {
            if (ProcessStat.Read(process.Pid) is not { } stat || stat.StartTime != process.StartTime)
                return Preparation.Unknown;
            if (stat.HasExecuted)
                return Preparation.Command;
            if (stat.IsDead)
                return Preparation.Refused;
            if (DateTime.UtcNow > end)
                return Preparation.Command;
        }
    }

    /// <summary>Whether a process that has ended, and has not been reaped yet, never became the command.</summary>
    internal static bool NeverRan(int pid, ProcessExit exit) => !exit.BySignal && ProcessStat.Read(pid) is { HasExecuted: false };
}

/// <summary>What has become of a process that was to become the command.</summary>
internal enum Preparation
{
    /// <summary>It is the command, or takes longer than anybody should wait for.</summary>
    Command,

    /// <summary>It has ended without having been the command.</summary>
    Refused,

    /// <summary>It was reaped before it was looked at.</summary>
    Unknown,
}
