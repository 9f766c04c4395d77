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

    /// <summary>Waits until the process has become the command.</summary>
    /// <returns>False where it has ended without becoming the command, or was reaped before we looked at it.</returns>
    internal static bool AwaitCommand(ProcessIdentity process)
    {
        for (DateTime end = DateTime.UtcNow + Timeout; ; Thread.Sleep(Poll))
        {
            if (ProcessStat.Read(process.Pid) is not { } stat || stat.StartTime != process.StartTime)
                return false;
            if (stat.HasExecuted)
                return true;
            if (stat.IsDead)
                return false;
            if (DateTime.UtcNow > end)
                return true;
        }
    }

    /// <summary>Whether a process that has ended, and has not been reaped yet, never became the command.</summary>
    internal static bool NeverRan(int pid, ProcessExit exit) => !exit.BySignal && ProcessStat.Read(pid) is { HasExecuted: false };
}
