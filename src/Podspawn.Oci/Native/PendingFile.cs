using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// A file that comes to its path whole, or not at all. Until then it has no name (open(2), O_TMPFILE), so that the kernel removes it whatever
/// ends us; on a filesystem that cannot have it so, it has an odd one beside the path.
/// </summary>
internal sealed partial class PendingFile : IDisposable
{
    private const uint OwnerOnly = 0x180;
    private const int O_TMPFILE = 0x400000;
    private const int AT_FDCWD = -100;
    private const int AT_SYMLINK_FOLLOW = 0x400;

    private readonly string path;
    private readonly string temporary;
    private readonly SafeFileHandle handle;
    private bool isNamed;

    /// <summary>Opens it for writing; only its owner may read it.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal PendingFile(string path)
    {
        this.path = path;
        string directory = Path.GetDirectoryName(path)!;
        temporary = $"{directory}/.{Guid.NewGuid():N}.part";
        int fd = PathCalls.Open(directory, PathCalls.O_WRONLY | PathCalls.O_CLOEXEC | PathCalls.O_DIRECTORY | O_TMPFILE, OwnerOnly);
        if (fd < 0)
        {
            fd = PathCalls.Open(temporary, PathCalls.O_WRONLY | PathCalls.O_CLOEXEC | PathCalls.O_CREAT | PathCalls.O_EXCL, OwnerOnly);
            isNamed = fd >= 0;
        }
        handle = fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw Failed();
    }

    /// <summary>Writes a file in one go, in the place of one that may be there.</summary>
    /// <exception cref="IOException">It cannot be made; what was there is there still.</exception>
    internal static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = new PendingFile(path);
        new DescriptorStream(file.Descriptor).Write(content);
        file.Keep();
    }

    /// <summary>What to write to.</summary>
    internal int Descriptor => (int)handle.DangerousGetHandle();

    /// <summary>Brings it to its path, in the place of a file that may be there.</summary>
    /// <exception cref="IOException">It cannot be brought there.</exception>
    internal void Keep()
    {
        if (Sync(handle) != 0)
            throw Failed();
        if (!isNamed && LinkAt(AT_FDCWD, $"/proc/self/fd/{Descriptor}", AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) != 0)
            throw Failed();
        isNamed = true;
        if (Rename(temporary, path) != 0)
            throw Failed();
        isNamed = false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        handle.Dispose();
        if (isNamed)
            File.Delete(temporary);
    }

    private static IOException Failed() => new(Errno.Text(Marshal.GetLastPInvokeError()));

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkAt(int fromDirectory, string from, int toDirectory, string to, int flags);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);
}
