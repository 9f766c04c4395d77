using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Reads small files of /proc and /sys, whose length stat(2) does not report.</summary>
internal static class SmallFile
{
    private const int Largest = 16 * 1024;
    private const int Usual = 4096;

    /// <summary>The file's text, at most its first 16 KiB; null when it cannot be read.</summary>
    internal static string? Read(string path) => Read(path, Largest);

    /// <summary>The file's text, at most its first <paramref name="largest"/> bytes; null when it cannot be read.</summary>
    internal static string? Read(string path, int largest) => Text(ReadBytes(path, largest));

    /// <summary>The file's bytes, at most its first <paramref name="largest"/>; null when it cannot be read.</summary>
    internal static ReadOnlyMemory<byte>? ReadBytes(string path, int largest)
    {
        using SafeFileHandle? file = PathCalls.Open(path, PathCalls.O_RDONLY, out _);
        return file is null ? null : ReadBytes(file, largest);
    }

    /// <summary>The text of an open file, at most <paramref name="largest"/> bytes; null when it cannot be read.</summary>
    internal static string? Read(SafeFileHandle file, int largest) => Text(ReadBytes(file, largest));

    private static string? Text(ReadOnlyMemory<byte>? bytes) => bytes is { } read ? Encoding.UTF8.GetString(read.Span) : null;

    private static ReadOnlyMemory<byte>? ReadBytes(SafeFileHandle file, int largest)
    {
        byte[] buffer = new byte[Math.Min(largest, Usual)];
        int length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length == largest)
                    return buffer;
                Array.Resize(ref buffer, (int)Math.Min(largest, buffer.Length * 4L));
            }
            int got = TerminalCalls.Read(file, buffer.AsSpan(length));
            if (got < 0)
                return null;
            if (got == 0)
                return buffer.AsMemory(0, length);
            length += got;
        }
    }
}
