using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Copies the content of a regular file, in the kernel where possible (copy_file_range(2)), holes as holes (lseek(2), SEEK_DATA).</summary>
internal static unsafe partial class FileContent
{
    private const int SEEK_CUR = 1;
    private const int SEEK_DATA = 3;
    private const int SEEK_HOLE = 4;
    private const int Room = 256 * 1024;
    private const nint LargestRange = 1 << 30;
    private const long LargestUnsized = 64 << 20;

    /// <summary>Means a file that reports no size; up to 64 MiB of it are copied.</summary>
    internal const long Unsized = 0;

    /// <summary>
    /// Copies the first <paramref name="size"/> bytes to an empty file. A file that keeps growing is not followed, and one that has become shorter
    /// ends early.
    /// </summary>
    /// <exception cref="IOException">A file cannot be read, or not be written.</exception>
    internal static void Copy(SafeFileHandle from, SafeFileHandle to, long size)
    {
        if (size == Unsized)
        {
            // proc(5) and sysfs(5) report no sizes.
            CopyByBuffer(from, to, 0, LargestUnsized);
            return;
        }
        long at = 0;
        while (at < size)
        {
            long data = Seek(from, at, SEEK_DATA);
            if (data < 0 && Marshal.GetLastPInvokeError() == Errno.ENXIO)
                break;
            // A filesystem that does not report holes has none.
            data = Math.Min(data < 0 ? at : data, size);
            long hole = Seek(from, data, SEEK_HOLE);
            long end = Math.Min(hole < 0 ? size : hole, size);
            at = CopyRange(from, to, data, end);
            if (at < end)
            {
                size = at;
                break;
            }
        }
        if (Truncate(to, size) != 0)
            throw Failed();
    }

    /// <summary>Moves the offset of one of our caller's streams, which its other holders share (lseek(2)).</summary>
    internal static void MoveOffset(int fd, long by)
    {
        using var stream = new SafeFileHandle(fd, ownsHandle: false);
        _ = Seek(stream, by, SEEK_CUR);
    }

    // Returns where it ended: before the requested end where the file has become shorter.
    private static long CopyRange(SafeFileHandle from, SafeFileHandle to, long at, long end)
    {
        while (at < end)
        {
            long source = at, target = at;
            nint done = CopyFileRange(from, &source, to, &target, (nuint)Math.Min(LargestRange, end - at), 0);
            if (done > 0)
            {
                at += done;
                continue;
            }
            // 0 means the end of the file, but filesystems such as proc(5) also return it, and an error means that the kernel cannot copy here.
            int errno = done < 0 ? Marshal.GetLastPInvokeError() : 0;
            return errno is Errno.EIO or Errno.ENOSPC ? throw Failed() : CopyByBuffer(from, to, at, end);
        }
        return at;
    }

    private static long CopyByBuffer(SafeFileHandle from, SafeFileHandle to, long at, long end)
    {
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(Room);
        try
        {
            while (at < end)
            {
                int got = RandomAccess.Read(from, buffer.AsSpan(0, (int)Math.Min(Room, end - at)), at);
                if (got == 0)
                    break;
                RandomAccess.Write(to, buffer.AsSpan(0, got), at);
                at += got;
            }
            return at;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static IOException Failed() => new(Errno.Text(Marshal.GetLastPInvokeError()));

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int Truncate(SafeFileHandle file, long length);

    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    private static partial nint CopyFileRange(SafeFileHandle from, long* fromOffset, SafeFileHandle to, long* toOffset, nuint length, uint flags);
}
