using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Reports that something has happened in a directory (inotify(7)). The reader looks up what it was: events may be lost, files are not.</summary>
internal sealed partial class Inotify : IDisposable
{
    private const int IN_NONBLOCK = 0x800;
    private const int IN_CLOEXEC = 0x80000;
    private const uint IN_MODIFY = 0x2;
    private const uint IN_MOVED_TO = 0x80;
    private const uint IN_CREATE = 0x100;
    private const uint IN_DELETE = 0x200;
    private const uint IN_DELETE_SELF = 0x400;

    private readonly SafeFileHandle queue;

    internal Inotify()
    {
        int fd = Initialize(IN_NONBLOCK | IN_CLOEXEC);
        queue = fd >= 0
            ? new SafeFileHandle(fd, ownsHandle: true)
            : throw new IOException($"cannot watch files: {Errno.Text(Marshal.GetLastPInvokeError())}; raise fs.inotify.max_user_instances (sysctl(8))");
    }

    /// <summary>Becomes readable when something has happened.</summary>
    internal SafeFileHandle Handle => queue;

    /// <summary>Watches the files of a directory: writes to them, new ones and removals. False where there is no such directory.</summary>
    /// <exception cref="IOException">There are too many watches.</exception>
    internal bool Watch(string directory)
    {
        if (AddWatch(queue, directory, IN_MODIFY | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_DELETE_SELF) >= 0)
            return true;
        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.ENOENT or Errno.ENOTDIR
            ? false
            : throw new IOException($"cannot watch {directory}: {Errno.Text(errno)}; raise fs.inotify.max_user_watches (sysctl(8))");
    }

    /// <summary>Discards the events so far.</summary>
    internal void Drain()
    {
        Span<byte> events = stackalloc byte[4096];
        while (TerminalCalls.Read(queue, events) > 0)
        {
        }
    }

    public void Dispose() => queue.Dispose();

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int Initialize(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddWatch(SafeFileHandle queue, string path, uint mask);
}
