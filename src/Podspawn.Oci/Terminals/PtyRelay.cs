using System.Diagnostics;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Terminals;

/// <summary>Why a relay ended.</summary>
public enum RelayEnding
{
    /// <summary>No process has the container's terminal open any more, and all its output was passed on.</summary>
    Finished,

    /// <summary><see cref="PtyRelay.Stop"/> was called.</summary>
    Stopped,

    /// <summary>Our own terminal is gone, or our stdout has lost its reader or accepts nothing: the container's terminal was hung up.</summary>
    HungUp,

    /// <summary>The user has typed the detach keys.</summary>
    Detached,
}

/// <summary>
/// Passes bytes between our stdin and stdout and a container's terminal, each direction at the pace of its reader. One thread does both and blocks in
/// nothing but poll(2), so that neither direction can delay the other.
/// </summary>
public sealed class PtyRelay : ITerminalRelay
{
    private const int BufferSize = 32 * 1024;
    // Far more than the kernel buffers of what was written to a terminal (some 8 KiB on the way to the master, and 4 KiB there).
    private const int MostHeld = 256 * 1024;
    private const short Readable = TerminalCalls.POLLIN;
    private const short Writable = TerminalCalls.POLLOUT;

    private readonly PtyMaster master;
    private readonly int? stdinFd;
    private readonly int stdoutFd;
    private readonly bool stdinIsTerminal;
    private readonly DetachWatch? detachWatch;
    private readonly byte[] typed;
    private readonly WakeUp wake = new();
    private readonly RelayBuffer input = new(BufferSize);
    private readonly RelayBuffer output = new(BufferSize);
    private volatile bool isStopping;
    private volatile bool drainsOnStop;
    private volatile int graceOnStop;
    private int drained;
    private LostOutput? lost;
    private bool inputEnded;
    private bool detached;
    private bool endOfFileSent;
    private bool atLineStart = true;

    /// <summary>Creates a relay; the master stays the caller's unless the relay has to hang it up.</summary>
    /// <param name="master">The container's terminal.</param>
    /// <param name="stdinFd">The descriptor to read from; null to read nothing.</param>
    /// <param name="stdoutFd">The descriptor to write to.</param>
    /// <param name="detachKeys">The keys that end the relay when they are typed at a terminal; null for none.</param>
    public PtyRelay(PtyMaster master, int? stdinFd, int stdoutFd, DetachKeys? detachKeys = null)
    {
        this.master = master;
        this.stdinFd = stdinFd;
        this.stdoutFd = stdoutFd;
        stdinIsTerminal = stdinFd is int fd && TerminalSize.IsTerminal(fd);
        detachWatch = stdinIsTerminal && detachKeys is not null ? new DetachWatch(detachKeys) : null;
        typed = detachWatch is null ? [] : new byte[BufferSize - detachWatch.LargestHeld];
    }

    /// <summary>Relays until the container's terminal ends or <see cref="Stop"/> is called.</summary>
    public RelayEnding Run()
    {
        // The master's open file description is ours alone: the runtime closed its own when it had sent it.
        DescriptorCalls.SetNonBlocking(master);
        using RelayEndpoint? stdin = stdinFd is int fd ? RelayEndpoint.ForReading(fd) : null;
        using RelayEndpoint stdout = RelayEndpoint.ForWriting(stdoutFd);
        inputEnded = stdin is null;
        endOfFileSent = stdin is null;
        Span<TerminalCalls.PollFd> fds = stackalloc TerminalCalls.PollFd[4];
        var waited = new Stopwatch();
        while (true)
        {
            bool stopping = isStopping;
            // A descriptor that we want nothing of is left out: poll(2) would report its hang-up again and again.
            bool wantsInput = !inputEnded && input.IsEmpty && !stopping;
            short masterEvents = (short)((output.IsEmpty ? Readable : 0) | (input.IsEmpty ? 0 : Writable));
            fds[0] = new(wantsInput ? stdin!.Handle : null, Readable);
            fds[1] = new(masterEvents == 0 ? null : master, masterEvents);
            fds[2] = new(output.IsEmpty ? null : stdout.Handle, Writable);
            fds[3] = new(wake.Handle, Readable);
            // When stopping, an empty terminal means the end, once the time is over in which the kernel may still deliver something. Only the time
            // spent waiting for the terminal counts, in total: a process that keeps writing now and then causes no further delay.
            bool draining = stopping && output.IsEmpty;
            int timeout = draining ? Math.Max(0, graceOnStop - (int)waited.ElapsedMilliseconds) : -1;
            if (draining)
                waited.Start();
            TerminalCalls.Poll(fds, timeout);
            waited.Stop();

            if (fds[3].IsReady)
                wake.Clear();
            if (stopping && (!drainsOnStop || (draining && IsDrained(fds[1], waited.ElapsedMilliseconds))))
                return RelayEnding.Stopped;
            if (fds[2].IsReady && !FlushOutput(stdout))
                return HangUp();
            if (fds[0].IsReady && !FillInput(stdin!))
                return HangUp();
            // Tried without asking poll(2) first: the master is ours and never blocks.
            FlushInput();
            if (detached)
                return RelayEnding.Detached;
            if (fds[1].IsReady && output.IsEmpty && !FillOutput())
                return RelayEnding.Finished;
            if (!output.IsEmpty && !fds[2].IsReady && !TryFlushNow(stdout))
                return HangUp();
        }
    }

    /// <summary>Gives the container's terminal the size of ours. May be called on any thread.</summary>
    public void Resize()
    {
        bool held = false;
        try
        {
            master.DangerousAddRef(ref held);
            if (!TerminalSize.TryCopy(stdoutFd, master.Descriptor) && stdinFd is int fd)
                TerminalSize.TryCopy(fd, master.Descriptor);
        }
        catch (ObjectDisposedException)
        {
            // The terminal has ended; there is nothing to resize.
        }
        finally
        {
            if (held)
                master.DangerousRelease();
        }
    }

    /// <summary>Ends <see cref="Run"/>. May be called on any thread.</summary>
    /// <param name="drain">Whether the container's output so far is passed on first.</param>
    /// <param name="graceMilliseconds">The total time to wait for more of it, where the terminal does not end earlier.</param>
    public void Stop(bool drain, int graceMilliseconds = 0)
    {
        graceOnStop = graceMilliseconds;
        drainsOnStop = drain;
        isStopping = true;
        wake.Set();
    }

    /// <inheritdoc/>
    public void Dispose() => wake.Dispose();

    LostOutput? ITerminalRelay.Lost => lost;

    // Output beyond what the kernel can have buffered at the stop was written later, by a process that may never stop.
    private bool IsDrained(TerminalCalls.PollFd terminal, long waited) =>
        drained >= MostHeld || ((terminal.Revents & (Readable | TerminalCalls.POLLHUP)) == 0 && waited >= graceOnStop);

    private RelayEnding HangUp()
    {
        master.Dispose();
        return RelayEnding.HungUp;
    }

    // False when our terminal is gone.
    private bool FillInput(RelayEndpoint stdin)
    {
        int got = detachWatch is null ? stdin.Read(input.Space) : stdin.Read(typed);
        if (got == -Errno.EAGAIN)
            return true;
        if (got > 0)
        {
            if (detachWatch is not null)
            {
                detached = detachWatch.Pass(typed.AsSpan(0, got), input);
                return true;
            }
            input.Add(got);
            atLineStart = input.Pending[^1] == (byte)'\n';
            return true;
        }
        inputEnded = true;
        // In raw mode a terminal gives no end of file (^D is an ordinary byte), except when it is hung up.
        return !stdinIsTerminal;
    }

    private void FlushInput()
    {
        while (!input.IsEmpty)
        {
            int put = TerminalCalls.Write(master, input.Pending);
            if (put == -Errno.EAGAIN || put == 0)
                return;
            if (put > 0)
                input.Remove(put);
            else
                input.Clear(); // EIO: no process has the terminal open; reading it tells whether that is the end
        }
        if (inputEnded && !endOfFileSent)
            SendEndOfFile();
    }

    // The user's stdin, a pipe or file, has ended: the program is told by ^D, as a person would do. After an unfinished line, the first ^D only
    // submits the line (termios(3), VEOF). In raw mode ^D would be a byte of input that the user did not send.
    private void SendEndOfFile()
    {
        endOfFileSent = true;
        if (TerminalMode.Of(master.Descriptor, out _) is not { IsLineByLine: true } mode)
            return;
        input.Space.Slice(0, 2).Fill(mode.EndOfFile);
        input.Add(atLineStart ? 1 : 2);
        FlushInput();
    }

    // False at the end of the container's terminal.
    private bool FillOutput()
    {
        int got = TerminalCalls.Read(master, output.Space);
        if (got > 0)
            output.Add(got);
        if (got > 0 && isStopping)
            drained += got;
        return got > 0 || got == -Errno.EAGAIN;
    }

    private bool TryFlushNow(RelayEndpoint stdout)
    {
        Span<TerminalCalls.PollFd> fds = [new(stdout.Handle, Writable)];
        return TerminalCalls.Poll(fds, 0) == 0 || FlushOutput(stdout);
    }

    // False when our stdout has lost its reader, or accepts nothing.
    private bool FlushOutput(RelayEndpoint stdout)
    {
        int put = stdout.Write(output.Pending);
        if (put > 0)
            output.Remove(put);
        if (put >= 0 || put == -Errno.EAGAIN)
            return true;
        lost = LostOutput.Of("stdout", -put);
        return false;
    }
}
