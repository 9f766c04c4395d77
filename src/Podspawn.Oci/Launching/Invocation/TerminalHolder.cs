using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>
/// Holds a terminal open after the user has detached: closing it would hang up on the process inside. A reader process is left behind that discards
/// what is written there, and ends with the terminal's last process.
/// </summary>
internal static class TerminalHolder
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    internal static void HoldOpen(PtyMaster master, IReadOnlyDictionary<string, string?> environment)
    {
        string reader = HostProgram.Find("cat") ?? throw new RuntimeException("cat: is not installed; install coreutils");
        // The open file description is shared with the reader, whose reads are to block.
        DescriptorCalls.SetNonBlocking(master, on: false);
        using var nothing = ChildStreams.Null();
        using var input = new SafeFileHandle(master.Descriptor, ownsHandle: false);
        // The reader is not waited for, and has its own session: it outlives us and our terminal. We may end only when it is in that session, since a
        // hang-up of our terminal that follows would otherwise end it.
        int pid = RuntimeProcess.Start(reader, [], environment, ownSession: true, nothing with { Input = input }).ProcessId;
        for (DateTime end = DateTime.UtcNow + Timeout; ProcessCalls.SessionOf(pid) is { } session && session != pid && DateTime.UtcNow < end;)
            Thread.Sleep(Poll);
    }
}
