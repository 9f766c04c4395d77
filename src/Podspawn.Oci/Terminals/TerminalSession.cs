using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Terminals;

/// <summary>
/// The caller's terminal joined to the container's for the length of a run. The steps: (1) the size is copied before the command can ask
/// for it; (2) raw mode, so that ^C and ^Z are the container's; (3) bytes are relayed; (4) a new size is passed on; (5) when we are stopped
/// the shell gets its terminal back as it was, and when we go on it is taken again; (6) whatever happens the mode is put back.
/// </summary>
internal sealed class TerminalSession : IDisposable
{
    private readonly SafeFileHandle master;
    private readonly int input;
    private readonly int output;
    private readonly RawMode mode;
    private readonly SafeFileHandle stop = DescriptorCalls.NewEvent();
    private readonly List<PosixSignalRegistration> signals = [];

    /// <param name="master">The master of the container's terminal.</param>
    /// <param name="input">The caller's input, or -1 where it is not passed on.</param>
    /// <param name="output">The caller's output.</param>
    internal TerminalSession(SafeFileHandle master, int input, int output)
    {
        this.master = master;
        this.input = input;
        this.output = output;
        mode = new RawMode(input);
        Resize();
        mode.Set();
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, context => Handle(context, Resize)));
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, context => Handle(context, TakeAgain)));
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context => Handle(context, Suspend)));
    }

    /// <summary>Relays until the container's side closes; see <see cref="PtyRelay.Run"/>.</summary>
    internal void Run() => new PtyRelay(master, input, output, stop).Run();

    /// <summary>Ends <see cref="Run"/> once what the container has written is through.</summary>
    internal void Stop()
    {
        try
        {
            DescriptorCalls.Signal(stop);
        }
        catch (ObjectDisposedException)
        {
            // The session ended by itself first.
        }
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in signals)
            signal.Dispose();
        mode.Dispose();
        master.Dispose();
        stop.Dispose();
    }

    private static void Handle(PosixSignalContext context, Action action)
    {
        context.Cancel = true;
        action();
    }

    private void Resize() => TerminalSize.Copy(TerminalCalls.IsTerminal(output) == 1 ? output : input, (int)master.DangerousGetHandle());

    private void TakeAgain()
    {
        mode.Set();
        Resize();
    }

    private void Suspend()
    {
        mode.Restore();
        _ = Tmds.Linux.LibC.kill(Environment.ProcessId, ProcessCalls.SIGSTOP);
    }
}
