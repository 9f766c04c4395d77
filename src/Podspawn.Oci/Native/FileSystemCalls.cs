using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Calls about a whole filesystem.</summary>
internal static partial class FileSystemCalls
{
    internal const long CGROUP_SUPER_MAGIC = 0x27e0eb;
    internal const long CGROUP2_SUPER_MAGIC = 0x63677270;
    internal const long NSFS_MAGIC = 0x6e736673;
    internal const long TMPFS_MAGIC = 0x01021994;

    // struct statfs is 120 bytes on 64-bit Linux (statfs(2)).
    [StructLayout(LayoutKind.Explicit, Size = 120)]
    private struct StatFs
    {
        [FieldOffset(0)] public long Type;
        [FieldOffset(40)] public ulong Files;
        [FieldOffset(48)] public ulong FreeFiles;
    }

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatFileSystem(string path, StatFs* result);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static unsafe partial int StatFileSystem(SafeFileHandle file, StatFs* result);

    /// <summary>Writes all pending data of a path's filesystem to its disk (syncfs(2)).</summary>
    /// <exception cref="IOException">The data could not be written.</exception>
    internal static void SyncAll(string path)
    {
        using SafeFileHandle? file = PathCalls.Open(path, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, out int errno);
        if (file is not null && SyncFs(file) != 0)
            errno = Marshal.GetLastPInvokeError();
        if (errno != 0)
            throw new IOException($"{path}: cannot be written to disk: {Errno.Text(errno)}; make room, and check the disk");
    }

    /// <summary>The magic number of the filesystem at a path, or 0 where there is none (statfs(2)).</summary>
    internal static unsafe long FileSystemType(string path)
    {
        StatFs result;
        return StatFileSystem(path, &result) == 0 ? result.Type : 0;
    }

    /// <summary>The magic number of the filesystem of an open file, also of one opened with O_PATH; 0 where the kernel refuses (fstatfs(2)).</summary>
    internal static unsafe long FileSystemType(SafeFileHandle file)
    {
        StatFs result;
        return StatFileSystem(file, &result) == 0 ? result.Type : 0;
    }

    /// <summary>The number of files in the filesystem of a path (statfs(2)); 0 where it does not count them.</summary>
    internal static unsafe long FilesIn(string path)
    {
        StatFs result;
        return StatFileSystem(path, &result) == 0 ? (long)(result.Files - result.FreeFiles) : 0;
    }
}
