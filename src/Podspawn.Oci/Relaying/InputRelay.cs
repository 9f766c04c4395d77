using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Relaying;

/// <summary>
/// Passes our stdin on to a container's. By read and write, never by splice(2): that would put pages of the caller's file into a pipe that the
/// container can open for writing, and a faulty kernel has let such writes through to the file (CVE-2022-0847).
/// </summary>
internal sealed class InputRelay : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly int sourceFd;
    private readonly RelayEndpoint source;
    private readonly SafeFileHandle sink;
    private readonly RelayBuffer buffer = new(BufferSize);
    private SafeFileHandle? leftover;
    private long taken;
    private bool sourceEnded;
    private bool finished;

    /// <param name="sourceFd">Our stream.</param>
    /// <param name="sink">Our non-blocking end of the container's pipe; closed at the end of our stream.</param>
    internal InputRelay(int sourceFd, SafeFileHandle sink)
    {
        this.sourceFd = sourceFd;
        this.sink = sink;
        source = RelayEndpoint.ForReading(sourceFd);
    }

    private bool IsOpen => !sink.IsClosed;

    /// <summary>The events to wait for: something to read, or room to write. The sink is always watched for the end of its reader.</summary>
    internal (TerminalCalls.PollFd Source, TerminalCalls.PollFd Sink) Wanted() => (
        new(IsOpen && !sourceEnded && buffer.IsEmpty ? source.Handle : null, TerminalCalls.POLLIN),
        new(IsOpen ? sink : null, buffer.IsEmpty ? (short)0 : TerminalCalls.POLLOUT));

    /// <summary>Passes on what is possible without blocking.</summary>
    internal void Pass(TerminalCalls.PollFd from, TerminalCalls.PollFd to)
    {
        if (!IsOpen)
            return;
        if ((to.Revents & TerminalCalls.POLLERR) != 0)
        {
            LeaveStdin();
            return;
        }
        if (from.IsReady && buffer.IsEmpty)
            Fill();
        if (!buffer.IsEmpty)
            Flush();
        if (sourceEnded && buffer.IsEmpty)
            EndSink();
    }

    /// <summary>
    /// Called when the container's process has ended. What it did not read is given back where that is possible: the next reader of our stdin, for
    /// instance a shell's next command, begins there.
    /// </summary>
    internal void Finish()
    {
        if (finished)
            return;
        finished = true;
        GiveBack();
        leftover?.Dispose();
        sink.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        leftover?.Dispose();
        sink.Dispose();
        source.Dispose();
    }

    private void Fill()
    {
        int got = source.Read(buffer.Space);
        if (got > 0)
        {
            buffer.Add(got);
            taken += got;
        }
        else if (got != -Errno.EAGAIN)
            sourceEnded = true;
    }

    private void Flush()
    {
        int put = TerminalCalls.Write(sink, buffer.Pending);
        if (put > 0)
            buffer.Remove(put);
        else if (put is not (0 or -Errno.EAGAIN))
            LeaveStdin();
    }

    // The container's stdin has lost its reader. The writer to ours is told so, as in a pipeline.
    private void LeaveStdin()
    {
        Finish();
        source.Dispose();
        using SafeFileHandle nothing = NullDevice.Open();
        DescriptorCalls.Replace(sourceFd, nothing);
    }

    // The reader gets end of file with the last writing end. The number of unread bytes can then be read from a reading end only.
    private void EndSink()
    {
        if (source.IsRegularFile)
            leftover = PipeCalls.OpenReader(sink);
        sink.Dispose();
    }

    // Only a regular file has an offset that can be moved back.
    private void GiveBack()
    {
        if (!source.IsRegularFile || (leftover ?? sink) is not { IsClosed: false } pipe)
            return;
        // Not more than we read: the container can write to its own stdin.
        long unread = Math.Min(PipeCalls.Unread(pipe) + buffer.Pending.Length, taken);
        buffer.Clear();
        if (unread > 0)
            FileContent.MoveOffset(sourceFd, -unread);
    }
}
