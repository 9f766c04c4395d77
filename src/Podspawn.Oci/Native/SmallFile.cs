using System.Text;

namespace Podspawn.Oci.Native;

/// <summary>Reads small files of /proc and /sys, whose length stat(2) does not tell.</summary>
internal static class SmallFile
{
    private const int Largest = 16 * 1024;

    /// <summary>The file's text, at most its first 16 KiB; null when it cannot be read.</summary>
    internal static string? Read(string path) => Read(path, Largest);

    /// <summary>The file's text, at most its first <paramref name="largest"/> bytes; null when it cannot be read.</summary>
    internal static string? Read(string path, int largest)
    {
        int fd = PathCalls.Open(path, PathCalls.O_RDONLY | PathCalls.O_CLOEXEC);
        if (fd < 0)
            return null;
        using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(fd, ownsHandle: true);
        return Read(handle, largest);
    }

    /// <summary>The text of an open file, at most <paramref name="largest"/> bytes; null when it cannot be read.</summary>
    internal static unsafe string? Read(Microsoft.Win32.SafeHandles.SafeFileHandle file, int largest)
    {
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(largest);
        try
        {
            int length = 0;
            fixed (byte* bytes = buffer)
            {
                while (length < largest)
                {
                    nint got = (nint)Tmds.Linux.LibC.read((int)file.DangerousGetHandle(), bytes + length, largest - length);
                    if (got < 0)
                        return null;
                    if (got == 0)
                        break;
                    length += (int)got;
                }
            }
            return Encoding.UTF8.GetString(buffer, 0, length);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
