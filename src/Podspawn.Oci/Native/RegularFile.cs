using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// Opens a regular file, and nothing else, for reading. To open a device can be an act in itself (a watchdog starts, a terminal is made), and to open
/// a FIFO or to read a file of the kernel's can wait for ever: so what a path leads to is held first (O_PATH), looked at, and only then opened.
/// </summary>
internal static class RegularFile
{
    /// <summary>Opens what is held with O_PATH; null with an errno, which is EINVAL where it is no regular file or one of the kernel's own.</summary>
    internal static SafeFileHandle? Open(SafeFileHandle held, out int errno)
    {
        errno = Errno.EINVAL;
        if (FileKind.Of(held) != FileKind.Regular || KernelFiles.Are(held))
            return null;
        // O_NONBLOCK: who holds a lease on the file (fcntl(2), F_SETLEASE) could make us wait.
        return Take(PathCalls.Open(EntryCalls.PathOf(held), PathCalls.O_RDONLY | PathCalls.O_NONBLOCK | PathCalls.O_CLOEXEC), out errno);
    }

    /// <summary>Opens what a path of the host leads to, links included; null with an errno.</summary>
    internal static SafeFileHandle? Open(string path, out int errno)
    {
        using SafeFileHandle? held = Take(PathCalls.Open(path, PathCalls.O_PATH | PathCalls.O_CLOEXEC), out errno);
        return held is null ? null : Open(held, out errno);
    }

    private static SafeFileHandle? Take(int fd, out int errno)
    {
        errno = fd < 0 ? System.Runtime.InteropServices.Marshal.GetLastPInvokeError() : 0;
        return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
    }
}
