using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Logging;

/// <summary>
/// The output of a log's lines: those of stdout and those of stderr, each buffered for large writes. Where both are one file the order of the lines
/// is preserved; where they are two the order would not be visible.
/// </summary>
internal sealed class LogOutput
{
    private const int Room = 128 * 1024;

    private readonly int[] descriptors;
    private readonly byte[][] buffers = [new byte[Room], new byte[Room]];
    private readonly int[] filled = new int[LogRecord.Streams];
    private readonly bool keepOrder;
    private readonly Lock? others;
    private int last;

    /// <summary>Writes to two descriptors.</summary>
    /// <param name="stdout">The one for lines of stdout.</param>
    /// <param name="stderr">The one for lines of stderr.</param>
    /// <param name="others">Held while lines are written, where others write theirs to the same descriptors: a line then leaves whole, but for one larger than the buffer.</param>
    internal LogOutput(int stdout, int stderr, Lock? others = null)
    {
        descriptors = [stdout, stderr];
        this.others = others;
        keepOrder = Facts(stdout) is { } one && Facts(stderr) is { } other && one.Identity == other.Identity;
    }

    /// <summary>The descriptor of a stream.</summary>
    internal int DescriptorOf(int stream) => descriptors[stream];

    /// <exception cref="ReaderGoneException">The output has lost its reader.</exception>
    internal void Add(int stream, ReadOnlySpan<byte> bytes)
    {
        if (keepOrder && stream != last)
        {
            Flush(last);
            last = stream;
        }
        if (bytes.Length > Room - filled[stream])
            FlushFor(stream, bytes.Length);
        if (bytes.Length > Room)
        {
            Put(stream, bytes);
            return;
        }
        bytes.CopyTo(buffers[stream].AsSpan(filled[stream]));
        filled[stream] += bytes.Length;
    }

    /// <inheritdoc cref="Add" path="/exception"/>
    internal void Flush()
    {
        for (int stream = 0; stream < LogRecord.Streams; stream++)
            Flush(stream);
    }

    /// <summary>Writes what is left, also without a line end, where a log ends.</summary>
    /// <inheritdoc cref="Add" path="/exception"/>
    internal void End()
    {
        Flush();
        for (int stream = 0; stream < LogRecord.Streams; stream++)
        {
            if (others is not null && filled[stream] > 0)
                Add(stream, "\n"u8);
            Flush(stream);
        }
    }

    // What has no line end yet stays, where others write as well.
    private void Flush(int stream)
    {
        Span<byte> lines = buffers[stream].AsSpan(0, filled[stream]);
        int length = others is null ? lines.Length : lines.LastIndexOf((byte)'\n') + 1;
        Put(stream, lines[..length]);
        lines[length..].CopyTo(lines);
        filled[stream] -= length;
    }

    private void FlushFor(int stream, int length)
    {
        Flush(stream);
        if (length <= Room - filled[stream])
            return;
        Put(stream, buffers[stream].AsSpan(0, filled[stream]));
        filled[stream] = 0;
    }

    private void Put(int stream, ReadOnlySpan<byte> bytes)
    {
        if (others is null)
        {
            PutNow(stream, bytes);
            return;
        }
        lock (others)
            PutNow(stream, bytes);
    }

    private void PutNow(int stream, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int put = TerminalCalls.Write(descriptors[stream], bytes);
            switch (put)
            {
                case >= 0:
                    bytes = bytes[put..];
                    break;
                case -Errno.EAGAIN:
                    // A process that shares this descriptor with us has made it non-blocking.
                    _ = TerminalCalls.Poll([new TerminalCalls.PollFd(descriptors[stream], TerminalCalls.POLLOUT)]);
                    break;
                case -Errno.EPIPE:
                    throw new ReaderGoneException();
                default:
                    throw new IOException($"standard {(stream == 0 ? "output" : "error")}: cannot be written: {Errno.Text(-put)}");
            }
        }
    }

    private static FileKind.Facts? Facts(int descriptor)
    {
        using var file = new SafeFileHandle(descriptor, ownsHandle: false);
        return FileKind.FactsOf(file);
    }
}
