using Podspawn.Oci.Native;

namespace Podspawn.Oci.Terminals;

/// <summary>
/// A user at a container's terminal: our own terminal in raw mode, a relay between the two, resizes passed on, and stops and continuations of
/// our own process survived.
/// </summary>
public sealed class TerminalSession : IDisposable
{
    private readonly RawMode? rawMode;
    private readonly ITerminalRelay relay;
    private readonly IDisposable[] caught;

    /// <summary>Sets raw mode where stdin is a terminal, and gives the container's terminal the size of ours.</summary>
    /// <param name="master">The container's terminal; the caller closes it in the end.</param>
    /// <param name="stdinFd">What to read from; null to read nothing, which leaves our terminal's mode as it is.</param>
    /// <param name="stdoutFd">What to write to.</param>
    /// <param name="signals">Where resizes, stops and continuations come from; null for nowhere.</param>
    /// <param name="detachKeys">What ends the relay when it is typed; null for nothing.</param>
    public TerminalSession(PtyMaster master, int? stdinFd, int stdoutFd, ISignalSource? signals, DetachKeys? detachKeys = null)
        : this(new PtyRelay(master, stdinFd, stdoutFd, detachKeys), stdinFd, signals)
    {
    }

    /// <summary>As the other, with a relay that is there already; it is disposed of with this.</summary>
    internal TerminalSession(ITerminalRelay relay, int? stdinFd, ISignalSource? signals)
    {
        this.relay = relay;
        relay.Resize();
        rawMode = stdinFd is int fd && TerminalSize.IsTerminal(fd) ? new RawMode(fd) : null;
        caught = signals is null
            ? []
            : [signals.Receive(SignalNumber.SIGWINCH, relay.Resize), signals.Receive(SignalNumber.SIGCONT, Resume), signals.Receive(SignalNumber.SIGTSTP, Suspend)];
    }

    /// <summary>Relays until the container's terminal ends or <see cref="Stop"/> is called.</summary>
    public RelayEnding Run() => relay.Run();

    /// <summary>Ends <see cref="Run"/>. Safe on any thread.</summary>
    /// <param name="drain">Whether to pass on first what the container has written.</param>
    /// <param name="graceMilliseconds">For how long in all to wait for more of it, where the terminal does not end before.</param>
    public void Stop(bool drain, int graceMilliseconds = 0) => relay.Stop(drain, graceMilliseconds);

    /// <summary>What could not be written, once <see cref="Run"/> has ended; null where nothing is lost.</summary>
    internal LostOutput? Lost => relay.Lost;

    /// <summary>Restores our terminal.</summary>
    public void Dispose()
    {
        foreach (IDisposable one in caught)
            one.Dispose();
        rawMode?.Dispose();
        relay.Dispose();
    }

    // The user types ^Z to the container; a SIGTSTP to us comes from outside. SIGSTOP then does what the default of SIGTSTP would.
    private void Suspend()
    {
        rawMode?.Restore();
        ProcessCalls.Kill(Environment.ProcessId, SignalNumber.SIGSTOP);
        Resume();
    }

    private void Resume()
    {
        rawMode?.Set();
        relay.Resize();
    }
}
