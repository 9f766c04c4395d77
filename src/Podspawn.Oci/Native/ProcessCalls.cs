using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>Children and signals.</summary>
internal static partial class ProcessCalls
{
    internal const int SIGPIPE = 13;
    internal const int SIGSTOP = 19;
    private const int PR_SET_CHILD_SUBREAPER = 36;
    private const int P_PID = 1;
    private const int WEXITED = 4;
    private const int WNOWAIT = 0x1000000;
    private const int CLD_EXITED = 1;

    // siginfo_t of a SIGCHLD on 64-bit Linux, 128 bytes (sigaction(2)).
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct ChildInfo
    {
        [FieldOffset(8)] public int Code;
        [FieldOffset(24)] public int Status;
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static unsafe partial int WaitId(int kind, uint id, ChildInfo* info, int options);

    [LibraryImport("libc", EntryPoint = "signal", SetLastError = true)]
    private static partial nint SetSignal(int signal, nint handler);

    /// <summary>Makes orphans below us our children, so that a container whose runtime has left can be waited for (PR_SET_CHILD_SUBREAPER(2const)).</summary>
    internal static void BecomeSubreaper() => _ = Prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);

    /// <summary>Waits for a child's end: its exit status, or 128 + n when signal n ended it; null when it is no child of ours.</summary>
    internal static int? WaitForExit(int pid) => Wait(pid, WEXITED);

    /// <summary>The same, but leaves the child to be reaped by another; null when it was reaped already.</summary>
    internal static int? PeekExit(int pid) => Wait(pid, WEXITED | WNOWAIT);

    /// <summary>Ends this process at once (_exit(2)).</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    internal static partial void ExitNow(int status);

    private static unsafe int? Wait(int pid, int options)
    {
        ChildInfo info;
        while (WaitId(P_PID, (uint)pid, &info, options) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                return null;
        }
        return info.Code == CLD_EXITED ? info.Status : 128 + info.Status;
    }

    /// <summary>
    /// Runs an action with SIGPIPE at its default: .NET ignores it, and a child would inherit that (signal(7)), so that writers to a closed
    /// pipe would not end as they do on the host.
    /// </summary>
    internal static T WithDefaultSigpipe<T>(Func<T> action)
    {
        const nint SIG_DFL = 0, SIG_IGN = 1;
        _ = SetSignal(SIGPIPE, SIG_DFL);
        try
        {
            return action();
        }
        finally
        {
            _ = SetSignal(SIGPIPE, SIG_IGN);
        }
    }
}
