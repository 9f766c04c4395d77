using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Lifecycle.Attaching;

/// <summary>
/// Passes bytes between our standard streams and a container's, which its monitor holds. One thread does all the work and blocks in nothing but
/// poll(2). New bytes are taken only when the previous ones are written: until then the monitor waits, and with it the container's writers.
/// </summary>
internal sealed class AttachRelay : ITerminalRelay
{
    private const int BufferSize = 32 * 1024;
    private const short Readable = TerminalCalls.POLLIN;
    private const short Writable = TerminalCalls.POLLOUT;

    private readonly AttachSocket socket;
    private readonly ContainerPaths paths;
    private readonly int? stdinFd;
    private readonly AttachOptions options;
    private readonly DetachWatch? detachWatch;
    private readonly bool stdinIsTerminal;
    private readonly WakeUp wake = new();
    private readonly Lock resizing = new();
    private readonly RelayBuffer input = new(BufferSize);
    private readonly RelayBuffer output = new(AttachSocket.LargestPacket);
    private readonly byte[] typed;
    private readonly byte[] packet = new byte[AttachSocket.LargestPacket];
    private volatile bool isStopping;
    private bool inputEnded;
    private bool endSent;
    private bool outputIsError;
    private bool detached;

    /// <param name="socket">The connection; the caller closes it at the end.</param>
    /// <param name="paths">The container's paths.</param>
    /// <param name="stdinFd">The descriptor to read from; null to read nothing.</param>
    /// <param name="detachKeys">The keys that end the relay when they are typed at a terminal; null for none.</param>
    /// <param name="options">Which of the container's streams are passed on.</param>
    internal AttachRelay(AttachSocket socket, ContainerPaths paths, int? stdinFd, DetachKeys? detachKeys, AttachOptions options)
    {
        this.options = options;
        this.socket = socket;
        this.paths = paths;
        this.stdinFd = stdinFd;
        stdinIsTerminal = stdinFd is int fd && TerminalSize.IsTerminal(fd);
        detachWatch = stdinIsTerminal && detachKeys is not null ? new DetachWatch(detachKeys) : null;
        typed = detachWatch is null ? [] : new byte[BufferSize - detachWatch.LargestHeld];
    }

    /// <summary>Relays until the monitor has sent all output of the container.</summary>
    public RelayEnding Run()
    {
        using RelayEndpoint? stdin = stdinFd is int fd ? RelayEndpoint.ForReading(fd) : null;
        using RelayEndpoint stdout = RelayEndpoint.ForWriting(1);
        using RelayEndpoint stderr = RelayEndpoint.ForWriting(2);
        inputEnded = stdin is null;
        endSent = stdin is null;
        Span<TerminalCalls.PollFd> fds = stackalloc TerminalCalls.PollFd[4];
        while (!isStopping)
        {
            RelayEndpoint sink = outputIsError ? stderr : stdout;
            short socketEvents = (short)((output.IsEmpty ? Readable : 0) | (input.IsEmpty ? 0 : Writable));
            // A descriptor that we need nothing from is left out (-1): poll(2) would report its hang-up again and again.
            fds[0] = new(!inputEnded && input.IsEmpty ? stdin!.Handle : null, Readable);
            fds[1] = new(socketEvents == 0 ? null : socket.Handle, socketEvents);
            fds[2] = new(output.IsEmpty ? null : sink.Handle, Writable);
            fds[3] = new(wake.Handle, Readable);
            TerminalCalls.Poll(fds);

            if (fds[2].IsReady && !FlushOutput(sink))
                return RelayEnding.HungUp;
            if (fds[0].IsReady && !FillInput(stdin!))
                return RelayEnding.HungUp;
            FlushInput();
            if (detached)
                return RelayEnding.Detached;
            if (fds[1].IsReady && output.IsEmpty && !FillOutput())
                return RelayEnding.Finished;
        }
        return RelayEnding.Stopped;
    }

    /// <summary>Runs on another thread: the monitor may be waiting for us to read before it accepts a size.</summary>
    public void Resize() => _ = Task.Run(ResizeNow);

    /// <summary>Like <see cref="Resize"/>, but done when it returns.</summary>
    internal void ResizeNow() => SetSize(redraw: false);

    /// <summary>Makes programs redraw a screen that they drew for another terminal: they do so when the size changes.</summary>
    internal void Redraw() => _ = Task.Run(() => SetSize(redraw: true));

    /// <inheritdoc/>
    public LostOutput? Lost { get; private set; }

    /// <inheritdoc/>
    public void Stop(bool drain, int graceMilliseconds = 0)
    {
        isStopping = true;
        wake.Set();
    }

    public void Dispose() => wake.Dispose();

    // The last client to attach sets the size that its terminal has then.
    private void SetSize(bool redraw)
    {
        lock (resizing)
        {
            if (!TerminalSize.TryGet(1, out int rows, out int columns) && !(stdinFd is int fd && TerminalSize.TryGet(fd, out rows, out columns)))
                return;
            if (redraw)
                MonitorControl.Resize(paths, rows + 1, columns);
            MonitorControl.Resize(paths, rows, columns);
        }
    }

    // False when our terminal is gone.
    private bool FillInput(RelayEndpoint stdin)
    {
        int got = detachWatch is null ? stdin.Read(input.Space) : stdin.Read(typed);
        if (got == -Errno.EAGAIN)
            return true;
        inputEnded = got <= 0;
        if (inputEnded)
            return !stdinIsTerminal || detachWatch is null;
        if (detachWatch is null)
            input.Add(got);
        else
            detached = detachWatch.Pass(typed.AsSpan(0, got), input);
        return true;
    }

    private void FlushInput()
    {
        while (!input.IsEmpty)
        {
            int put = socket.Send(input.Pending);
            if (put == -Errno.EAGAIN)
                return;
            if (put > 0)
                input.Remove(put);
            else
                DropInput();
        }
        if (!inputEnded || endSent)
            return;
        endSent = true;
        socket.EndInput();
    }

    // The monitor is gone; what it sent before can still be read.
    private void DropInput()
    {
        input.Clear();
        inputEnded = true;
        endSent = true;
    }

    // False at the end of the container's output.
    private bool FillOutput()
    {
        int got = socket.Receive(packet);
        if (got == -Errno.EAGAIN)
            return true;
        if (got <= 0)
            return false;
        outputIsError = packet[0] == AttachSocket.Stdout + 1;
        if (!(outputIsError ? options.Errors : options.Output))
            return true;
        packet.AsSpan(1, got - 1).CopyTo(output.Space);
        output.Add(got - 1);
        return true;
    }

    // False when our stdout has lost its reader, or accepts nothing; the same on our stderr ends nothing.
    private bool FlushOutput(RelayEndpoint sink)
    {
        int put = sink.Write(output.Pending);
        if (put > 0)
            output.Remove(put);
        if (put >= 0 || put == -Errno.EAGAIN)
            return true;
        Lost ??= LostOutput.Of(outputIsError ? "stderr" : "stdout", -put);
        if (outputIsError)
            output.Clear();
        return outputIsError;
    }
}
