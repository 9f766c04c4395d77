using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Invocation;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Terminals;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Attaching;

/// <summary>
/// Connects our standard streams with a container's, by way of its monitor. The connection exists from the constructor on, so that a caller that
/// connects before the command begins misses none of its output.
/// </summary>
public sealed class AttachSession : IDisposable
{
    private readonly Container container;
    private readonly AttachOptions options;
    private readonly AttachSocket socket;
    private readonly AttachRelay relay;
    private readonly ISignalSource? signals;

    private AttachSession(Container container, AttachOptions options, ISignalSource? signals, AttachSocket socket)
    {
        this.container = container;
        this.options = options;
        this.signals = signals;
        this.socket = socket;
        InputFd = options.Input && container.Definition.Interactive ? 0 : null;
        relay = new AttachRelay(socket, container.Paths, InputFd, container.Definition.Terminal ? options.DetachKeys : null, options);
        if (container.Definition.Terminal)
            relay.ResizeNow();
    }

    private int? InputFd { get; }

    /// <summary>Connects to the monitor, which runs from the runtime's create to the container's end.</summary>
    /// <param name="container">The container.</param>
    /// <param name="options">How to attach.</param>
    /// <param name="signals">The source of the signals that are forwarded to the container's process, or end the attachment; null for none.</param>
    /// <exception cref="ContainerException">The monitor is not running, or our stdin cannot serve as the keyboard of the container's terminal.</exception>
    public static AttachSession Connect(Container container, AttachOptions options, ISignalSource? signals)
    {
        Check(container, options);
        return AttachSocket.Connect(container.Paths.AttachSocket, out int errno) is { } socket
            ? new AttachSession(container, options, signals, socket)
            : throw LifecycleErrors.Of($"container '{container.Name}' cannot be attached to: {Errno.Text(errno)}; see with {Operation.List} whether it runs");
    }

    /// <summary>Checks what can be checked before the connection is made.</summary>
    /// <exception cref="ContainerException">Our stdin cannot serve as the keyboard of the container's terminal.</exception>
    internal static void Check(Container container, AttachOptions options)
    {
        if (container.Definition is { Terminal: true, Interactive: true } && options.Input && !TerminalRun.InputIsTerminal())
            throw LifecycleErrors.Of($"container '{container.Name}' has a terminal, and stdin is none; use one, or do not pass stdin on");
    }

    /// <summary>The same for a container that is not made yet.</summary>
    /// <inheritdoc cref="Check" path="/exception"/>
    internal static void CheckInput(LaunchOptions launch, AttachOptions options)
    {
        if (launch is { Terminal: true, Interactive: true } && options.Input && !TerminalRun.InputIsTerminal())
            throw new ContainerException($"{Setting.Tty}: stdin is no terminal; leave {Setting.Tty} away, or {Setting.Interactive}");
    }

    /// <summary>Relays until the container has ended and all its output was passed on, or until the user detaches.</summary>
    /// <exception cref="ContainerException">Some of the output could not be passed on.</exception>
    public AttachEnding Run()
    {
        if (container.Definition.Terminal)
            return RunTerminal();
        using SignalForwarder? forwarder = options.ProxySignals ? new SignalForwarder(signals, Deliver, terminal: false) : null;
        return EndingOf(relay.Run());
    }

    /// <summary>Makes programs redraw a screen that they drew for another terminal.</summary>
    internal void Redraw()
    {
        if (container.Definition.Terminal)
            relay.Redraw();
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        relay.Dispose();
        socket.Dispose();
    }

    private AttachEnding RunTerminal()
    {
        using var session = new TerminalSession(relay, InputFd, signals);
        // These signals would end us before our terminal is back in its mode.
        using var interruption = new Interruption(signals);
        using CancellationTokenRegistration stop = interruption.Token.Register(() => session.Stop(drain: false));
        RelayEnding ending = session.Run();
        return ending == RelayEnding.Stopped ? new AttachEnding(DetachReason.Interrupted, ExitCodes.OfSignal(interruption.Signal)) : EndingOf(ending);
    }

    private AttachEnding EndingOf(RelayEnding ending) => ending switch
    {
        RelayEnding.Detached => new AttachEnding(DetachReason.Detached, 0),
        _ when relay.Lost is { } lost => throw new ContainerException(lost.Message),
        RelayEnding.HungUp => new AttachEnding(DetachReason.Interrupted, ExitCodes.OfSignal(Signals.Pipe)),
        _ => new AttachEnding(DetachReason.ContainerEnded, null),
    };

    // The state is read when the signal arrives: the container may have had no process when we connected. Its end is not recorded here, since that
    // would wait for the clients that wait for its exit status, and we are one of them.
    private bool Deliver(int signal)
    {
        if (RecordJson.ReadState(container.Paths.State) is not { } state || container with { State = state } is not { HasProcess: true } now)
            return false;
        if (!now.Driver.Traits.LeavesContainerProcess)
        {
            _ = RuntimeInvoker.Call(now.Driver, now.Driver.Kill(now.Call, signal));
            return true;
        }
        using Microsoft.Win32.SafeHandles.SafeFileHandle? process = state.Process?.Open();
        if (process is not null)
            ProcessCalls.SendSignal(process, signal);
        return true;
    }
}

/// <summary>Why an attachment ended.</summary>
public enum DetachReason
{
    /// <summary>The container has ended, and all its output was passed on.</summary>
    ContainerEnded,

    /// <summary>The user has typed the detach keys.</summary>
    Detached,

    /// <summary>A signal has ended the attachment, our terminal is gone, or our stdout has lost its reader. The container continues.</summary>
    Interrupted,
}

/// <summary>How an attachment ended.</summary>
/// <param name="Why">The reason.</param>
/// <param name="Status">The exit status for this process; null where it is the container's.</param>
public sealed record AttachEnding(DetachReason Why, int? Status);
