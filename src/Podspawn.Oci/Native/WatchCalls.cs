using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Descriptors that tell of files that appear (inotify(7)).</summary>
internal static partial class WatchCalls
{
    private const int IN_CLOSE_WRITE = 8;
    private const int IN_MOVED_TO = 0x80;
    private const int IN_CLOEXEC = 0x80000;

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int InotifyInit(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int InotifyAddWatch(SafeFileHandle inotify, string path, uint mask);

    /// <summary>A descriptor that is readable when a file in the directory was written or moved there; null when the host has run out of them.</summary>
    internal static SafeFileHandle? WatchDirectory(string path)
    {
        int fd = InotifyInit(IN_CLOEXEC);
        if (fd < 0)
            return null;
        var inotify = new SafeFileHandle(fd, ownsHandle: true);
        if (InotifyAddWatch(inotify, path, IN_CLOSE_WRITE | IN_MOVED_TO) >= 0)
            return inotify;
        inotify.Dispose();
        return null;
    }
}
