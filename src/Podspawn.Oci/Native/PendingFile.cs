using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// A file that comes to its path whole, or not at all. Until then it has no name (open(2), O_TMPFILE), so that the kernel removes it whatever
/// ends us, and nobody else can open it; on a filesystem that cannot have it so, it has a name that nobody can guess. Its directory is held open
/// all the time, and what has its name in the end is replaced, a link too.
/// </summary>
internal sealed partial class PendingFile : IDisposable
{
    private readonly SafeFileHandle directory;
    private readonly EntryName name;
    private readonly EntryName temporary = EntryName.Of($".{Guid.NewGuid():N}.part");
    private readonly SafeFileHandle handle;
    private bool isNamed;

    /// <summary>Opens it for writing in a directory of ours; only its owner may read it.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal PendingFile(string path)
        : this(Open(Path.GetDirectoryName(path)!), EntryName.Of(Path.GetFileName(path)), FileModes.OwnersFile)
    {
    }

    /// <summary>Opens it for writing where a user wants it.</summary>
    /// <param name="place">The place, with nothing or a file there.</param>
    /// <param name="mode">The file's permissions, of which the caller's umask takes.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal PendingFile(OutputPlace place, UnixFileMode mode = FileModes.OwnersFile)
        : this(DescriptorCalls.Duplicate(place.Directory), place.Name, mode)
    {
    }

    private PendingFile(SafeFileHandle directory, EntryName name, UnixFileMode mode)
    {
        (this.directory, this.name) = (directory, name);
        SafeFileHandle? file = EntryCalls.Open(directory, EntryName.Of("."), PathCalls.O_WRONLY | PathCalls.O_DIRECTORY | PathCalls.O_TMPFILE, out _, mode);
        int errno = 0;
        if (file is null)
        {
            file = EntryCalls.Open(directory, temporary, PathCalls.O_WRONLY | PathCalls.O_CREAT | PathCalls.O_EXCL, out errno, mode);
            isNamed = file is not null;
        }
        if (file is null)
            directory.Dispose();
        handle = file ?? throw new IOException(Errno.Text(errno));
    }

    /// <summary>Writes a file of ours in one go, in the place of one that may be there.</summary>
    /// <exception cref="IOException">It cannot be made; what was there is there still.</exception>
    internal static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = new PendingFile(path);
        new DescriptorStream(file.handle).Write(content);
        file.Commit();
    }

    /// <summary>Writes a file where a user wants it in one go, in the place of a file or a link that may be there.</summary>
    /// <param name="path">The path.</param>
    /// <param name="content">What is in it.</param>
    /// <param name="mode">Its permissions, whatever the caller's umask; null where only its owner may read it.</param>
    /// <exception cref="IOException">It cannot be made, or is reached by another user's link; what was there is there still.</exception>
    internal static void WriteForUser(string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        using OutputPlace place = OutputPlace.Find(path, follow: false);
        using var file = new PendingFile(place);
        if (mode is { } permissions && EntryCalls.ChangeMode(file.handle, permissions) is not 0 and var errno)
            throw new IOException(Errno.Text(errno));
        new DescriptorStream(file.handle).Write(content);
        file.Commit();
    }

    /// <summary>What to write to.</summary>
    internal SafeFileHandle Handle => handle;

    /// <summary>Brings it to its path, in the place of a file that may be there.</summary>
    /// <exception cref="IOException">It cannot be brought there.</exception>
    internal void Commit()
    {
        if (Sync(handle) != 0)
            throw new IOException(Errno.Text(Marshal.GetLastPInvokeError()));
        if (!isNamed)
            Require(EntryCalls.AddName(handle, directory, temporary));
        isNamed = true;
        Require(EntryCalls.Rename(directory, temporary, name));
        isNamed = false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (isNamed)
            _ = EntryCalls.Remove(directory, temporary);
        handle.Dispose();
        directory.Dispose();
    }

    private static SafeFileHandle Open(string directory)
    {
        int fd = PathCalls.Open(directory, PathCalls.O_PATH | PathCalls.O_DIRECTORY | PathCalls.O_CLOEXEC);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw new IOException(Errno.Text(Marshal.GetLastPInvokeError()));
    }

    private static void Require(int errno)
    {
        if (errno != 0)
            throw new IOException(Errno.Text(errno));
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);
}
