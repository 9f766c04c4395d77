using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// A file that appears at its path complete, or not at all. Until then it has no name (open(2), O_TMPFILE), so that the kernel removes it whatever
/// ends us, and no other process can open it; on a filesystem without O_TMPFILE it has an unpredictable name. Its directory is held open all the
/// time, and an existing entry with its name is replaced in the end, also a link.
/// </summary>
internal sealed partial class PendingFile : IDisposable
{
    private readonly SafeFileHandle directory;
    private readonly EntryName name;
    private readonly EntryName temporary = EntryName.Of($".{Guid.NewGuid():N}.part");
    private readonly SafeFileHandle handle;
    private bool isNamed;

    /// <summary>Creates it for writing in a directory of ours; only its owner may read it.</summary>
    /// <exception cref="IOException">The file cannot be created.</exception>
    internal PendingFile(string path)
        : this(Open(Path.GetDirectoryName(path)!), EntryName.Of(Path.GetFileName(path)), FileModes.OwnersFile)
    {
    }

    /// <summary>Creates it for writing at a user's path.</summary>
    /// <param name="place">The target, which is a file or does not exist.</param>
    /// <param name="mode">The file's permissions, which the caller's umask reduces.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
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

    /// <summary>Writes a file of ours in one go, replacing an existing one.</summary>
    /// <exception cref="IOException">The file cannot be created; an existing one is unchanged.</exception>
    internal static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = new PendingFile(path);
        new DescriptorStream(file.handle).Write(content);
        file.Commit();
    }

    /// <summary>Writes a file at a user's path in one go, replacing an existing file or link.</summary>
    /// <param name="path">The path.</param>
    /// <param name="content">The content.</param>
    /// <param name="mode">The permissions, whatever the caller's umask; null where only the owner may read the file.</param>
    /// <exception cref="IOException">The file cannot be created, or is reached by another user's link; an existing file is unchanged.</exception>
    internal static void WriteForUser(string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        using OutputPlace place = OutputPlace.Find(path, follow: false);
        using var file = new PendingFile(place);
        if (mode is { } permissions && EntryCalls.ChangeMode(file.handle, permissions) is not 0 and var errno)
            throw new IOException(Errno.Text(errno));
        new DescriptorStream(file.handle).Write(content);
        file.Commit();
    }

    /// <summary>The descriptor to write to.</summary>
    internal SafeFileHandle Handle => handle;

    /// <summary>Moves the file to its path, replacing an existing file.</summary>
    /// <exception cref="IOException">The file cannot be moved there.</exception>
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

    private static SafeFileHandle Open(string directory) =>
        PathCalls.Open(directory, PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno) ?? throw new IOException(Errno.Text(errno));

    private static void Require(int errno)
    {
        if (errno != 0)
            throw new IOException(Errno.Text(errno));
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);
}
