using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>An flock(2) on a file. The kernel lets go of it when its holder dies, however it dies.</summary>
internal sealed class FileLock : IDisposable
{
    private readonly SafeFileHandle file;

    private FileLock(SafeFileHandle file) => this.file = file;

    /// <summary>Takes the lock, waiting for it.</summary>
    internal static FileLock Take(string path) => Take(path, PathCalls.LOCK_EX);

    /// <summary>Takes the lock beside others who share it, waiting for its one owner where there is one.</summary>
    internal static FileLock TakeShared(string path) => Take(path, PathCalls.LOCK_SH);

    /// <summary>Shares the lock of an existing file; null where there is none, or where it is not at that path any more once the lock is taken.</summary>
    internal static FileLock? ShareExisting(string path) => TakeExisting(path, PathCalls.LOCK_SH);

    /// <summary>Takes the lock of an existing file, waiting for it; null where there is none, or where it is not at that path any more once the lock is taken.</summary>
    internal static FileLock? TakeExisting(string path) => TakeExisting(path, PathCalls.LOCK_EX);

    private static FileLock Take(string path, int operation)
    {
        SafeFileHandle file = Open(path, PathCalls.O_CREAT) ?? throw new IOException($"cannot open {path}: {Errno.Text(System.Runtime.InteropServices.Marshal.GetLastPInvokeError())}");
        Wait(file, operation, path);
        return new FileLock(file);
    }

    /// <summary>Takes the lock if nobody holds it and the file is still the one at the path; else null.</summary>
    internal static FileLock? TryTake(string path, bool create = false)
    {
        if (Open(path, create ? PathCalls.O_CREAT : 0) is not { } file)
            return null;
        bool taken = PathCalls.Flock(file, PathCalls.LOCK_EX | PathCalls.LOCK_NB) == 0 && IsStillAt(path, file);
        if (taken)
            return new FileLock(file);
        file.Dispose();
        return null;
    }

    public void Dispose() => file.Dispose();

    private static FileLock? TakeExisting(string path, int operation)
    {
        if (Open(path, 0) is not { } file)
            return null;
        Wait(file, operation, path);
        if (IsStillAt(path, file))
            return new FileLock(file);
        file.Dispose();
        return null;
    }

    private static void Wait(SafeFileHandle file, int operation, string path)
    {
        while (PathCalls.Flock(file, operation) != 0)
        {
            if (System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Errno.EINTR)
                throw new IOException($"cannot lock {path}");
        }
    }

    private static bool IsStillAt(string path, SafeFileHandle file) =>
        FileKind.FactsOf(file) is { } ours && FileKind.FactsOf(path) is { } there && ours.Inode == there.Inode;

    private static SafeFileHandle? Open(string path, int flags)
    {
        int fd = PathCalls.Open(path, PathCalls.O_RDONLY | PathCalls.O_CLOEXEC | PathCalls.O_NOFOLLOW | flags, FileModes.OwnersFile);
        return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
    }
}
