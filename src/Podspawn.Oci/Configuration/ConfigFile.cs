using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Tmds.Linux;

namespace Podspawn.Oci.Configuration;

/// <summary>
/// Reads a config's text. Nothing but a regular file is opened for good: a FIFO would block us, and to open a device can have
/// effects of its own.
/// </summary>
internal static class ConfigFile
{
    /// <summary>The largest config that is read.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The text, or null when there is no such file.</summary>
    /// <exception cref="ConfigException">There is something, but it cannot be read, or is not a text of at most 1 MiB.</exception>
    public static unsafe string? ReadIfPresent(string path)
    {
        if (path.Length == 0 || path.Contains('\0'))
            throw Refuse(path, "is not a file's name", "name a config file");

        byte[] name = new byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        Encoding.UTF8.GetBytes(path, name);
        int descriptor;
        fixed (byte* namePointer = name)
        {
            stat status;
            if (LibC.stat(namePointer, &status) != 0)
            {
                int error = LibC.errno;
                if (error != LibC.ENOENT)
                    throw Refuse(path, error);
                // A link that leads nowhere is a config that somebody meant to be read.
                if (LibC.lstat(namePointer, &status) == 0)
                    throw Refuse(path, "is a symbolic link to a file that does not exist", "mend the link or remove it");
                return null;
            }

            RequireRegular(path, in status);
            descriptor = LibC.open(namePointer, LibC.O_RDONLY | LibC.O_CLOEXEC | LibC.O_NONBLOCK | LibC.O_NOCTTY);
            if (descriptor < 0)
                throw Refuse(path, LibC.errno);
        }

        try
        {
            return Read(path, descriptor);
        }
        finally
        {
            _ = LibC.close(descriptor);
        }
    }

    private static unsafe string Read(string path, int descriptor)
    {
        // Asked again of what is open: the name may have come to mean something else since.
        stat status;
        if (LibC.fstat(descriptor, &status) != 0)
            throw Refuse(path, LibC.errno);
        RequireRegular(path, in status);

        // The size is only a hint (a file in /proc says 0), so that the limit is held against what is read.
        int expected = (int)Math.Clamp((long)status.st_size, 4096, MaxBytes) + 1;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(expected);
        try
        {
            int length = 0;
            while (true)
            {
                if (length == buffer.Length)
                    Grow(ref buffer);
                int count = ReadSome(path, descriptor, buffer.AsSpan(length));
                if (count == 0)
                    return Decode(path, buffer.AsSpan(0, length));
                length += count;
                if (length > MaxBytes)
                    throw Refuse(path, "is larger than 1 MiB", "a config is a few lines; name the right file");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Grow(ref byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    private static unsafe int ReadSome(string path, int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                long count = (long)LibC.read(descriptor, start, (size_t)buffer.Length);
                if (count >= 0)
                    return (int)count;
                if (LibC.errno != LibC.EINTR)
                    throw Refuse(path, LibC.errno);
            }
        }
    }

    private static string Decode(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
            throw Refuse(path, "is UTF-16", "save it as UTF-8");
        if (Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);

        int line = 1;
        int column = 1;
        while (Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed) == OperationStatus.Done)
        {
            bytes = bytes[consumed..];
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        throw new ConfigException([new Problem("", "is not valid UTF-8", "save the file as UTF-8", new Origin(path, line, column))]);
    }

    private static void RequireRegular(string path, in stat status)
    {
        const uint kindMask = 0xf000, directory = 0x4000, regular = 0x8000;
        uint kind = (uint)status.st_mode & kindMask;
        if (kind != regular)
            throw Refuse(path, kind == directory ? "is a directory" : "is not a regular file", "name a config file");
    }

    private static ConfigException Refuse(string path, int error) =>
        Refuse(path, $"cannot be read: {Marshal.GetPInvokeErrorMessage(error).ToLowerInvariant()}", "");

    private static ConfigException Refuse(string path, string what, string mend) =>
        new([new Problem("", what, mend, new Origin(path.Length == 0 ? "\"\"" : path))]);
}
