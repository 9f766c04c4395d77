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
    private int last;

    internal LogOutput(int stdout, int stderr)
    {
        descriptors = [stdout, stderr];
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
            Flush(stream);
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

    private void Flush(int stream)
    {
        int length = filled[stream];
        filled[stream] = 0;
        Put(stream, buffers[stream].AsSpan(0, length));
    }

    private void Put(int stream, ReadOnlySpan<byte> bytes)
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
