using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// Opens files that others have created or named. Opening a FIFO waits for its other end, and opening a device can already have an effect (a watchdog
/// starts): so the path is first opened with O_PATH, which has no effect (open(2)), then its type is checked, and only a regular file on a filesystem
/// that stores files is opened through that very descriptor.
/// </summary>
internal static class RegularFile
{
    /// <summary>The flags for opening such a file: one that another process holds a lease on is refused, not waited for (fcntl(2), F_SETLEASE).</summary>
    internal const int ReadFlags = PathCalls.O_RDONLY | PathCalls.O_NONBLOCK | PathCalls.O_NOCTTY;

    /// <summary>Opens a file for reading that is open with O_PATH.</summary>
    /// <exception cref="UnfitFileException">It is not a regular file, or is one of the kernel's own.</exception>
    internal static SafeFileHandle Open(SafeFileHandle file)
    {
        Require(file);
        return Open(EntryCalls.PathOf(file), ReadFlags);
    }

    /// <summary>Opens a file of the host for reading, links followed.</summary>
    /// <exception cref="UnfitFileException">It does not exist, is not a regular file, or is one of the kernel's own.</exception>
    internal static SafeFileHandle Open(string path)
    {
        using SafeFileHandle file = Find(path);
        return Open(file);
    }

    /// <summary>Opens a file of the host for reading, links followed; null where it cannot be opened so.</summary>
    internal static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return Open(path);
        }
        catch (UnfitFileException)
        {
            return null;
        }
    }

    /// <summary>Checks a file of the host that another program is going to open.</summary>
    /// <exception cref="UnfitFileException">It does not exist, is not a regular file, or is one of the kernel's own.</exception>
    internal static void Require(string path)
    {
        using SafeFileHandle file = Find(path);
        Require(file);
    }

    /// <summary>Reads a file of the host to its end.</summary>
    /// <exception cref="UnfitFileException">It cannot be opened as above, or has more than <paramref name="largest"/> bytes.</exception>
    internal static ReadOnlyMemory<byte> Read(string path, int largest)
    {
        using SafeFileHandle file = Open(path);
        return Read(file, largest);
    }

    /// <summary>Reads an open file to its end; from its beginning, where it is seekable.</summary>
    /// <exception cref="UnfitFileException">It has more than <paramref name="largest"/> bytes, or cannot be read.</exception>
    internal static ReadOnlyMemory<byte> Read(SafeFileHandle file, int largest)
    {
        const int Smallest = 4096;
        // The size is only a hint, since the file may grow: the limit applies to what is read.
        long size = FileKind.FactsOf(file) is { } facts ? (long)facts.Size : 0;
        if (size > largest)
            throw TooLarge(largest);
        byte[] buffer = new byte[Math.Min(Math.Max(size + 1, Smallest), (long)largest + 1)];
        int length = 0;
        while (length <= largest)
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min((long)largest + 1, buffer.Length * 4L));
            int got = TerminalCalls.Read(file, buffer.AsSpan(length));
            if (got == 0)
                return buffer.AsMemory(0, length);
            length += got > 0 ? got : throw UnfitFileException.Of(-got);
        }
        throw TooLarge(largest);
    }

    private static void Require(SafeFileHandle file)
    {
        int kind = FileKind.Of(file);
        if (kind != FileKind.Regular)
            throw new UnfitFileException(kind == FileKind.Directory ? "is a directory" : "is not a regular file");
        if (KernelFiles.Are(file))
            throw new UnfitFileException("is one of the kernel's own files, not a regular file");
    }

    private static SafeFileHandle Find(string path) => path.Length > 0 && !path.Contains('\0')
        ? Open(path, PathCalls.O_PATH)
        : throw new UnfitFileException("is not a file's name");

    private static UnfitFileException TooLarge(int largest) => new($"is larger than {(largest >= 1 << 20 ? $"{largest >> 20} MiB" : $"{largest} bytes")}");

    private static SafeFileHandle Open(string path, int flags) => PathCalls.Open(path, flags, out int errno) ?? throw UnfitFileException.Of(errno);
}
