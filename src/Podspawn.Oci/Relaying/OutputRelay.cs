using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Relaying;

/// <summary>
/// Passes what a container writes to one of its streams on to one of ours. The kernel moves the bytes where it can (splice(2)); else they go through
/// a buffer of ours. No call blocks: a container may take back what it wrote, and the reader of our stream may be slow.
/// </summary>
internal sealed class OutputRelay : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private const int MostAtOnce = 1 << 20;

    private readonly SafeFileHandle source;
    private readonly RelayEndpoint sink;
    private bool splices;
    private RelayBuffer? buffer;
    private bool sinkIsFull;
    private long left = long.MaxValue;
    private bool writerHasEnded;

    /// <param name="source">Our end of the container's pipe; closed at the end of the relay.</param>
    /// <param name="sinkFd">Our stream.</param>
    internal OutputRelay(SafeFileHandle source, int sinkFd)
    {
        this.source = source;
        sink = RelayEndpoint.ForWriting(sinkFd);
        splices = sink.TakesSplices;
    }

    /// <summary>Whether there may be more to pass on.</summary>
    internal bool IsOpen => !source.IsClosed;

    /// <summary>The error that stopped our stream from accepting bytes (errno(3)); 0 for none, or where only its reader has gone.</summary>
    internal int Failure { get; private set; }

    private bool HasPending => buffer is { IsEmpty: false };

    /// <summary>Whether an empty pipe means the end: the writer has ended, and another process may have taken back what it wrote.</summary>
    internal bool EndsWithoutWaiting => IsOpen && writerHasEnded && !sinkIsFull;

    /// <summary>The events to wait for: something to read, or room to write. The sink is always watched for the end of its reader.</summary>
    internal (TerminalCalls.PollFd Source, TerminalCalls.PollFd Sink) Wanted() => (
        new(IsOpen && !sinkIsFull ? source : null, TerminalCalls.POLLIN),
        new(IsOpen ? sink.Handle : null, sinkIsFull ? TerminalCalls.POLLOUT : (short)0));

    /// <summary>Passes on what is possible without blocking.</summary>
    internal void Pass(TerminalCalls.PollFd from, TerminalCalls.PollFd to)
    {
        if (!IsOpen)
            return;
        // The container gets SIGPIPE or EPIPE with its next write, as if it wrote there directly.
        if ((to.Revents & (TerminalCalls.POLLERR | TerminalCalls.POLLHUP)) != 0)
            source.Dispose();
        else if (sinkIsFull ? to.IsReady : from.IsReady)
            Move();
        else if (EndsWithoutWaiting)
            source.Dispose();
    }

    /// <summary>Called when the writer has ended: only what the pipe contains now is passed on. A process that goes on writing there is not waited for.</summary>
    internal void EndWithWhatIsThere()
    {
        if (!IsOpen)
            return;
        writerHasEnded = true;
        left = PipeCalls.Unread(source);
        CloseWhenDone();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        source.Dispose();
        sink.Dispose();
    }

    private void Move()
    {
        if (splices)
            Splice();
        else
            Copy();
        CloseWhenDone();
    }

    private void Splice()
    {
        long moved = PipeCalls.Splice(source, sink.Handle, Math.Min(left, MostAtOnce));
        if (moved > 0)
        {
            left -= moved;
            sinkIsFull = false;
        }
        else if (moved == 0)
            source.Dispose();
        else if (moved == -Errno.EAGAIN)
            // EAGAIN does not tell which side it is about.
            sinkIsFull = PipeCalls.Unread(source) > 0;
        else if (moved == -Errno.EINVAL)
        {
            // The kernel cannot splice to such a file: one opened with O_APPEND, for instance.
            splices = sinkIsFull = false;
            Copy();
        }
        else
            Fail((int)-moved);
    }

    private void Copy()
    {
        buffer ??= new RelayBuffer(BufferSize);
        if (buffer.IsEmpty)
        {
            int got = TerminalCalls.Read(source, buffer.Space[..(int)Math.Min(left, buffer.Space.Length)]);
            if (got == -Errno.EAGAIN)
                return;
            if (got <= 0)
            {
                source.Dispose();
                return;
            }
            left -= got;
            buffer.Add(got);
        }
        while (!buffer.IsEmpty)
        {
            int put = sink.Write(buffer.Pending);
            if (put > 0)
                buffer.Remove(put);
            sinkIsFull = put is 0 or -Errno.EAGAIN;
            if (sinkIsFull)
                return;
            if (put < 0)
            {
                Fail(-put);
                return;
            }
            // A sink that others share accepts only as much as poll(2) promised; whether it accepts more has to be asked again.
            if (!sink.NeverBlocks && !buffer.IsEmpty)
            {
                sinkIsFull = true;
                return;
            }
        }
    }

    private void CloseWhenDone()
    {
        if (left == 0 && !HasPending)
            source.Dispose();
    }

    private void Fail(int errno)
    {
        if (errno != Errno.EPIPE)
            Failure = errno;
        source.Dispose();
    }
}
