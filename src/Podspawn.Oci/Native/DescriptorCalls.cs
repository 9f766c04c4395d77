using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Podspawn.Oci.Native;

/// <summary>Descriptors (fcntl(2), dup(2), pipe(2)).</summary>
internal static unsafe partial class DescriptorCalls
{
    internal const uint MFD_CLOEXEC = 1;
    private const int FirstBeyondStandardStreams = 3;

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int MakePipe(int* ends, int flags);

    /// <summary>Another descriptor for the same open file, which children do not inherit.</summary>
    internal static SafeFileHandle Duplicate(int fd)
    {
        int copy = RawCalls.Fcntl(fd, RawCalls.F_DUPFD_CLOEXEC, FirstBeyondStandardStreams);
        return copy >= 0 ? new SafeFileHandle(copy, ownsHandle: true) : throw Failed($"duplicate descriptor {fd}");
    }

    /// <summary>Another descriptor for the same open file, which children do not inherit.</summary>
    internal static SafeFileHandle Duplicate(SafeHandle file)
    {
        using var held = new HeldDescriptor(file);
        return Duplicate(held.Number);
    }

    /// <summary>Takes the descriptor that a call has just returned; null with the call's error number where it failed.</summary>
    internal static SafeFileHandle? Own(nint fd, out int errno)
    {
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
    }

    /// <summary>Closes a descriptor that is held by its number alone; false where the kernel tells of an error.</summary>
    internal static bool Close(int fd) => LibC.close(fd) == 0;

    /// <summary>Makes reads and writes return EAGAIN instead of waiting, or wait again; this affects every process that shares the open file.</summary>
    internal static void SetNonBlocking(SafeHandle file, bool on = true)
    {
        using var held = new HeldDescriptor(file);
        int flags = RawCalls.Fcntl(held.Number, RawCalls.F_GETFL, 0);
        _ = RawCalls.Fcntl(held.Number, RawCalls.F_SETFL, on ? flags | PathCalls.O_NONBLOCK : flags & ~PathCalls.O_NONBLOCK);
    }

    /// <summary>
    /// A counter that poll(2) finds readable while it is not 0, and that never makes its reader wait (eventfd(2)); null with an error number where the
    /// kernel has none.
    /// </summary>
    internal static SafeFileHandle? Counter(out int errno)
    {
        int fd = LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
        errno = fd < 0 ? LibC.errno : 0;
        return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
    }

    /// <summary>Whether children inherit a descriptor: those that we open ourselves are closed in them.</summary>
    internal static bool IsPassedOn(int fd) => RawCalls.Fcntl(fd, RawCalls.F_GETFD, 0) is >= 0 and var flags && (flags & RawCalls.FD_CLOEXEC) == 0;

    /// <summary>Makes a descriptor, which children inherit, refer to the same open file as another.</summary>
    internal static void Replace(int fd, SafeFileHandle with)
    {
        using var held = new HeldDescriptor(with);
        if (RawCalls.Dup2(held.Number, fd) < 0)
            throw Failed($"replace descriptor {fd}");
    }

    /// <summary>Whether writes go to the end of the file, whatever its offset (open(2), O_APPEND).</summary>
    internal static bool Appends(int fd) => RawCalls.Fcntl(fd, RawCalls.F_GETFL, 0) is >= 0 and int flags && (flags & PathCalls.O_APPEND) != 0;

    /// <summary>A file without a name in any directory, which can only be opened by our descriptor's number (memfd_create(2)).</summary>
    internal static SafeFileHandle MemoryFile(string label)
    {
        const int LongestLabel = 50;
        int fd = RawCalls.MemfdCreate(label[..Math.Min(label.Length, LongestLabel)], MFD_CLOEXEC);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw Failed("make a file in memory");
    }

    /// <summary>A pipe whose ends children do not inherit.</summary>
    internal static (SafeFileHandle Read, SafeFileHandle Write) Pipe()
    {
        int* ends = stackalloc int[2];
        return MakePipe(ends, PathCalls.O_CLOEXEC) == 0
            ? (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true))
            : throw Failed("make a pipe");
    }

    private static IOException Failed(string what) => new($"cannot {what}: {Errno.Text(Marshal.GetLastPInvokeError())}");
}
