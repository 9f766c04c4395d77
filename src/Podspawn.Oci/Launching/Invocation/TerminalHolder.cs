using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>
/// Keeps a terminal open that nobody looks at any more: its closing would hang up on the process inside. A reader is left behind that throws
/// away what is written there, and ends with the terminal's last process.
/// </summary>
internal static class TerminalHolder
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    internal static void HoldOpen(PtyMaster master, IReadOnlyDictionary<string, string?> environment)
    {
        string reader = HostProgram.Find("cat") ?? throw new RuntimeException("cat: is not installed; install coreutils");
        // The description is shared with the reader, which expects to wait for what comes.
        DescriptorCalls.SetNonBlocking(master, on: false);
        using var nothing = ChildStreams.Null();
        using var input = new SafeFileHandle(master.Descriptor, ownsHandle: false);
        // Not waited for, and in a session of its own: it outlives us and our terminal. Not before it is in that session may we end, or a
        // hang-up of our terminal that follows would end it.
        int pid = RuntimeProcess.Start(reader, [], environment, ownSession: true, nothing with { Input = input }).ProcessId;
        for (DateTime end = DateTime.UtcNow + Timeout; ProcessCalls.SessionOf(pid) is { } session && session != pid && DateTime.UtcNow < end;)
            Thread.Sleep(Poll);
    }
}
