using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Receives a line of a file, or a part of a line.</summary>
/// <param name="line">The bytes; with the line end where the line is whole.</param>
/// <param name="offset">Their offset in the file.</param>
/// <param name="isWhole">Whether the line ends here; else the next bytes belong to it.</param>
/// <returns>Whether to continue.</returns>
internal delegate bool LineTaker(ReadOnlySpan<byte> line, long offset, bool isWhole);

/// <summary>A file of lines that others append to; it is read to its end, and again when it has grown.</summary>
internal sealed class GrowingFile : IDisposable
{
    private const int Room = 256 * 1024;

    private readonly byte[] buffer = new byte[Room];
    private long bufferStart;
    private int filled;

    private GrowingFile(SafeFileHandle file) => Handle = file;

    internal SafeFileHandle Handle { get; }

    /// <summary>Opens a file; null where there is none.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static GrowingFile? Open(string path)
    {
        if (PathCalls.Open(path, PathCalls.O_RDONLY | PathCalls.O_NOFOLLOW | PathCalls.O_NONBLOCK, out int errno) is { } file)
            return new GrowingFile(file);
        return errno == Errno.ENOENT ? null : throw new IOException($"{path}: cannot be read: {Errno.Text(errno)}");
    }

    /// <summary>Starts the reading at another offset than 0.</summary>
    internal void StartAt(long offset) => bufferStart = offset;

    /// <summary>Whether the path now leads to another file, or to none.</summary>
    internal bool IsReplaced(string path) => FileKind.FactsOf(Handle) is { } ours
        && (FileKind.FactsOf(path) is not { } there || ours.Identity != there.Identity);

    /// <summary>Delivers all whole lines that were added since the last call.</summary>
    internal void ReadNew(LineTaker take)
    {
        while (true)
        {
            int got = RandomAccess.Read(Handle, buffer.AsSpan(filled), bufferStart + filled);
            if (got == 0)
                return;
            filled += got;
            if (!TakeWhole(take))
                return;
        }
    }

    /// <summary>Delivers the last line without its line end, once it is known that none will come.</summary>
    internal void ReadRest(LineTaker take)
    {
        if (filled > 0)
            take(buffer.AsSpan(0, filled), bufferStart, false);
        Drop(filled);
    }

    public void Dispose() => Handle.Dispose();

    private bool TakeWhole(LineTaker take)
    {
        int start = 0;
        bool isMoreWanted = true;
        while (isMoreWanted)
        {
            ReadOnlySpan<byte> rest = buffer.AsSpan(start, filled - start);
            int end = rest.IndexOf((byte)'\n');
            if (end < 0 && (start > 0 || filled < Room))
                break;
            // A line that is longer than the buffer comes in parts.
            ReadOnlySpan<byte> line = end >= 0 ? rest[..(end + 1)] : rest;
            isMoreWanted = take(line, bufferStart + start, end >= 0);
            start += line.Length;
        }
        Drop(start);
        return isMoreWanted;
    }

    private void Drop(int count)
    {
        buffer.AsSpan(count, filled - count).CopyTo(buffer);
        bufferStart += count;
        filled -= count;
    }
}
