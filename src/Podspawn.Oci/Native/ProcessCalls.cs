using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Native;

/// <summary>How a process ended.</summary>
/// <param name="Code">The argument of exit(3), or the number of the signal that ended it.</param>
/// <param name="BySignal">Whether a signal ended it.</param>
internal readonly record struct ProcessExit(int Code, bool BySignal)
{
    /// <summary>The exit status in a shell's form: 128+n for signal n.</summary>
    public int ShellStatus => BySignal ? ExitCodes.OfSignal(Code) : Code;
}

/// <summary>Waits for and signals processes that .NET did not start (waitid(2), pidfd_open(2)).</summary>
internal static unsafe partial class ProcessCalls
{
    private const int P_ALL = 0;
    private const int P_PID = 1;
    private const int WNOHANG = 1;
    private const int WEXITED = 4;
    private const int WNOWAIT = 0x1000000;
    private const int CLD_EXITED = 1;
    private const int SIG_UNBLOCK = 1;
    private const int PR_SET_CHILD_SUBREAPER = 36;

    // siginfo_t of waitid(2) on 64-bit Linux: 128 bytes; si_code at 8, si_pid at 16, si_status at 24.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct SigInfo
    {
        [FieldOffset(8)]
        public int Code;
        [FieldOffset(16)]
        public int Pid;
        [FieldOffset(24)]
        public int Status;
    }

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int idType, uint id, SigInfo* info, int options);

    /// <summary>
    /// Resets an inherited "ignore" of SIGCHLD, with which the kernel reaps children before their status can be read (waitid(2)), and an inherited
    /// block of it, with which .NET never learns of a child's end. To be called before .NET reads the disposition, at the very start.
    /// </summary>
    internal static void ExpectChildren()
    {
        RawCalls.SetDisposition(SignalNumber.SIGCHLD, SignalNumber.Default);
        Unblock(1UL << (SignalNumber.SIGCHLD - 1));
    }

    /// <summary>Unblocks every signal that our caller has blocked: conmon leaves SIGCHLD and SIGUSR1 blocked, and a container would inherit that.</summary>
    internal static void UnblockSignals() => Unblock(ulong.MaxValue);

    // The kernel's own call: its set has 8 bytes, the C library's 128.
    private static void Unblock(ulong signals) => _ = SystemCalls.Call(SystemCalls.Sigprocmask, SIG_UNBLOCK, (nint)(&signals), 0, sizeof(ulong));

    /// <summary>The session of a process; null where there is no such process.</summary>
    internal static int? SessionOf(int pid) => GetSession(pid) is > 0 and int session ? session : null;

    [LibraryImport("libc", EntryPoint = "getsid", SetLastError = true)]
    private static partial int GetSession(int pid);

    /// <summary>Makes this process the parent of its orphaned descendants: a container that its runtime leaves becomes ours to wait for.</summary>
    internal static void BecomeSubreaper()
    {
        if (RawCalls.Prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
            throw new IOException($"cannot become a child subreaper: {Errno.Text(Marshal.GetLastPInvokeError())}");
    }

    /// <summary>Waits until a child has ended, and leaves it to be reaped by .NET; null where it was already reaped.</summary>
    internal static ProcessExit? PeekExit(int pid)
    {
        SigInfo info = default;
        while (WaitId(P_PID, (uint)pid, &info, WEXITED | WNOWAIT) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                return null;
        }
        return new ProcessExit(info.Status, info.Code != CLD_EXITED);
    }

    /// <summary>Whether a child has ended, and is not reaped yet.</summary>
    internal static bool IsZombie(int pid)
    {
        SigInfo info = default;
        return WaitId(P_PID, (uint)pid, &info, WEXITED | WNOWAIT | WNOHANG) == 0 && info.Pid == pid;
    }

    /// <summary>Ends this process at once (_exit(2)).</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    internal static partial void ExitNow(int status);

    /// <summary>Waits until a child that .NET did not start has ended, and reaps it unless <paramref name="reap"/> is false.</summary>
    /// <exception cref="IOException">It is not a descendant of ours, or was already reaped.</exception>
    internal static ProcessExit WaitExit(int pid, bool reap = true)
    {
        while (true)
        {
            SigInfo info = default;
            if (WaitId(P_PID, (uint)pid, &info, reap ? WEXITED : WEXITED | WNOWAIT) == 0)
                return new ProcessExit(info.Status, info.Code != CLD_EXITED);
            int errno = Marshal.GetLastPInvokeError();
            if (errno == Errno.EINTR)
                continue;
            // crun's detached run may return a moment before the process between us and the container ends: until then the container
            // is our grandchild. Its parent's end makes it our child.
            if (errno != Errno.ECHILD || ProcessStat.Read(pid)?.Parent is not (int parent and > 1) || !(parent == Environment.ProcessId || WaitGone(parent)))
                throw new IOException($"cannot wait for process {pid}: {Errno.Text(errno)}");
        }
    }

    /// <summary>
    /// Reaps the ended children that .NET did not start. runsc's gofer and stubs become such when their parent ends, and <c>runsc delete</c> waits
    /// five seconds for a zombie. To be called only while no process that .NET started is alive: it would take that one's status.
    /// </summary>
    internal static int ReapOrphans()
    {
        for (int count = 0; ; count++)
        {
            SigInfo info = default;
            if (WaitId(P_ALL, 0, &info, WEXITED | WNOHANG) != 0 || info.Pid == 0)
                return count;
        }
    }

    /// <summary>A descriptor of a process that stays valid whatever happens to its number; null where there is no such process.</summary>
    internal static SafeFileHandle? OpenPidfd(int pid)
    {
        nint fd = SystemCalls.Call(SystemCalls.PidfdOpen, pid, 0);
        if (fd >= 0)
            return new SafeFileHandle(fd, ownsHandle: true);
        int errno = Marshal.GetLastPInvokeError();
        return errno == Errno.ESRCH ? null : throw new IOException($"cannot open process {pid}: {Errno.Text(errno)}");
    }

    /// <summary>Waits until an open process has ended.</summary>
    /// <param name="pidfd">The process.</param>
    /// <param name="milliseconds">The time limit; -1 for none.</param>
    /// <returns>False where it did not end in that time.</returns>
    internal static bool AwaitEnd(SafeFileHandle pidfd, int milliseconds = -1)
    {
        Span<TerminalCalls.PollFd> end = [new(pidfd, TerminalCalls.POLLIN)];
        return TerminalCalls.Poll(end, milliseconds) > 0;
    }

    /// <summary>Sends a signal to the very process that was opened; false where it has ended.</summary>
    internal static bool SendSignal(SafeFileHandle pidfd, int signal)
    {
        if (SystemCalls.Call(SystemCalls.PidfdSendSignal, pidfd, signal, 0, 0) == 0)
            return true;
        int errno = Marshal.GetLastPInvokeError();
        return errno == Errno.ESRCH ? false : throw new IOException($"cannot send signal {signal}: {Errno.Text(errno)}");
    }

    /// <summary>Sends a signal to a process by its number (kill(2)): only to this process, or to a child that is not reaped yet. A process that is gone is not an error.</summary>
    internal static void Kill(int pid, int signal) => _ = Tmds.Linux.LibC.kill(pid, signal);

    /// <summary>The user that the kernel checks our rights by (geteuid(2)).</summary>
    internal static uint EffectiveUser() => Tmds.Linux.LibC.geteuid();

    private static bool WaitGone(int pid)
    {
        using SafeFileHandle? process = OpenPidfd(pid);
        return process is null || AwaitEnd(process);
    }
}
