using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>An flock(2) on a file. The kernel releases it when its holder dies, however that happens.</summary>
internal sealed class FileLock : IDisposable
{
    private readonly SafeFileHandle file;

    private FileLock(SafeFileHandle file) => this.file = file;

    /// <summary>Takes the lock, waiting for it.</summary>
    internal static FileLock Take(string path) => Take(path, PathCalls.LOCK_EX);

    /// <summary>Takes the lock shared, waiting for an exclusive holder.</summary>
    internal static FileLock TakeShared(string path) => Take(path, PathCalls.LOCK_SH);

    /// <summary>Takes the lock of an existing file shared; null where there is none, or where the path no longer leads to it once the lock is taken.</summary>
    internal static FileLock? ShareExisting(string path) => TakeExisting(path, PathCalls.LOCK_SH);

    /// <summary>Takes the lock of an existing file, waiting for it; null where there is none, or where the path no longer leads to it once the lock is taken.</summary>
    internal static FileLock? TakeExisting(string path) => TakeExisting(path, PathCalls.LOCK_EX);

    private static FileLock Take(string path, int operation)
    {
        SafeFileHandle file = Open(path, PathCalls.O_CREAT, out int errno) ?? throw new IOException($"cannot open {path}: {Errno.Text(errno)}");
        Wait(file, operation, path);
        return new FileLock(file);
    }

    /// <summary>Takes the lock if it is free and the path still leads to the file; else null.</summary>
    internal static FileLock? TryTake(string path, bool create = false)
    {
        if (Open(path, create ? PathCalls.O_CREAT : 0, out _) is not { } file)
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
        if (Open(path, 0, out _) is not { } file)
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
        FileKind.FactsOf(file) is { } ours && FileKind.FactsOf(path) is { } there && ours.Identity == there.Identity;

    private static SafeFileHandle? Open(string path, int flags, out int errno) =>
        PathCalls.Open(path, PathCalls.O_RDONLY | PathCalls.O_NOFOLLOW | flags, out errno, FileModes.OwnersFile);
}
