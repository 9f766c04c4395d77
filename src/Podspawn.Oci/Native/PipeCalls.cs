using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Calls that are specific to pipes (pipe(7), splice(2)).</summary>
internal static unsafe partial class PipeCalls
{
    private const uint SPLICE_F_MOVE = 1;
    private const uint SPLICE_F_NONBLOCK = 2;
    private const int KCMP_FILE = 0;

    /// <summary>Enlarges a pipe's buffer beyond the usual 64 KiB, for fewer switches between its two ends; it stays as it is where the kernel refuses.</summary>
    internal static void SetCapacity(SafeFileHandle pipe, int bytes)
    {
        using var held = new HeldDescriptor(pipe);
        _ = RawCalls.Fcntl(held.Number, RawCalls.F_SETPIPE_SZ, bytes);
    }

    /// <summary>Makes reads and writes of this end return EAGAIN instead of waiting; only for ends that no other process shares.</summary>
    internal static void SetNonBlocking(SafeFileHandle end) => DescriptorCalls.SetNonBlocking(end);

    /// <summary>Another reading end of a pipe of ours; null where there are no descriptors left.</summary>
    internal static SafeFileHandle? OpenReader(SafeFileHandle pipe) => PathCalls.Open(EntryCalls.PathOf(pipe), PathCalls.O_RDONLY | PathCalls.O_NONBLOCK, out _);

    /// <summary>The number of unread bytes in a pipe; either end may ask (ioctl(2), FIONREAD).</summary>
    internal static int Unread(SafeFileHandle pipe)
    {
        const nuint FIONREAD = 0x541B;
        int count = 0;
        using var held = new HeldDescriptor(pipe);
        return RawCalls.IoControl(held.Number, FIONREAD, &count) == 0 ? count : 0;
    }

    /// <summary>Moves bytes out of a pipe without a copy in our memory, and retries after an interruption; a negative value is a negated error number.</summary>
    internal static long Splice(SafeFileHandle from, SafeFileHandle to, long most)
    {
        while (true)
        {
            nint moved = Splice(from, null, to, null, (nuint)most, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
            if (moved >= 0)
                return moved;
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EINTR)
                return -errno;
        }
    }

    /// <summary>Whether two descriptors of ours share one open file, and so its offset (kcmp(2)); false where the kernel refuses to tell.</summary>
    internal static bool ShareOpenFile(int first, int second) =>
        SystemCalls.Call(SystemCalls.Kcmp, Environment.ProcessId, Environment.ProcessId, KCMP_FILE, first, second) == 0;

    [LibraryImport("libc", EntryPoint = "splice", SetLastError = true)]
    private static partial nint Splice(SafeFileHandle from, long* fromOffset, SafeFileHandle to, long* toOffset, nuint count, uint flags);
}
