using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Descriptors (fcntl(2), dup(2), pipe(2)).</summary>
internal static unsafe partial class DescriptorCalls
{
    private const int F_GETFL = 3;
    private const int F_GETFD = 1;
    private const int FD_CLOEXEC = 1;
    private const int F_DUPFD_CLOEXEC = 1030;
    private const int O_APPEND = 0x400;
    private const int FirstBeyondStandardStreams = 3;

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int fd, int command, int argument);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int MakePipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int DuplicateTo(SafeFileHandle from, int to);

    /// <summary>Another descriptor for the same open file, which children do not inherit.</summary>
    internal static SafeFileHandle Duplicate(int fd)
    {
        int copy = Control(fd, F_DUPFD_CLOEXEC, FirstBeyondStandardStreams);
        return copy >= 0 ? new SafeFileHandle(copy, ownsHandle: true) : throw Failed($"duplicate descriptor {fd}");
    }

    /// <summary>Whether children inherit a descriptor: those that we open ourselves are closed in them.</summary>
    internal static bool IsPassedOn(int fd) => Control(fd, F_GETFD, 0) is >= 0 and var flags && (flags & FD_CLOEXEC) == 0;

    /// <summary>Makes a descriptor, which children inherit, refer to the same open file as another.</summary>
    internal static void Replace(int fd, SafeFileHandle with)
    {
        if (DuplicateTo(with, fd) < 0)
            throw Failed($"replace descriptor {fd}");
    }

    /// <summary>Whether writes go to the end of the file, whatever its offset (open(2), O_APPEND).</summary>
    internal static bool Appends(int fd) => Control(fd, F_GETFL, 0) is >= 0 and int flags && (flags & O_APPEND) != 0;

    /// <summary>A file without a name in any directory, which can only be opened by our descriptor's number (memfd_create(2)).</summary>
    internal static SafeFileHandle MemoryFile(string label)
    {
        const uint MFD_CLOEXEC = 1;
        const int LongestLabel = 50;
        int fd = MakeMemoryFile(label[..Math.Min(label.Length, LongestLabel)], MFD_CLOEXEC);
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
