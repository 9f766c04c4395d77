using System.Diagnostics;
using Podspawn.Oci.Host;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>Forwards the signals that reach us to the container's process.</summary>
internal sealed class SignalForwarder : IDisposable
{
    private static readonly int[] Passed =
        [SignalNumber.SIGHUP, SignalNumber.SIGINT, SignalNumber.SIGQUIT, SignalNumber.SIGUSR1, SignalNumber.SIGUSR2, SignalNumber.SIGTERM];

    private static readonly TimeSpan PidFilePoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan GiveUpPoll = TimeSpan.FromMilliseconds(100);

    // The default of docker and podman between a container's SIGTERM and its SIGKILL.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly List<IDisposable> caught = [];
    private readonly Func<int, bool> deliver;
    private readonly Func<bool>? giveUp;
    private volatile bool gaveUp;
    private readonly CancellationTokenSource ended = new();
    private readonly CancellationTokenSource fatal = new();
    private readonly CancellationTokenSource impatient = new();
    private readonly Lock delivering = new();

    /// <param name="source">The source of the signals; null for none.</param>
    /// <param name="traits">Tells whether the container's process is signalled directly, or by the runtime.</param>
    /// <param name="pidFile">Where the runtime writes the container's process id.</param>
    /// <param name="askRuntime">Makes the runtime send a signal to the container's process.</param>
    /// <param name="terminal">Whether the container has a terminal, through which window changes then go.</param>
    /// <param name="giveUp">Ends a runtime that hangs before the container's process exists; false where no runtime is running.</param>
    internal SignalForwarder(ISignalSource? source, RuntimeTraits traits, string pidFile, Action<int> askRuntime, bool terminal, Func<bool> giveUp)
        : this(source, signal => TryDeliver(traits, pidFile, askRuntime, signal), terminal, giveUp)
    {
    }

    /// <param name="source">The source of the signals; null for none.</param>
    /// <param name="deliver">Sends a signal to its receiver; false while there is no receiver yet.</param>
    /// <param name="terminal">Whether window changes take another way.</param>
    /// <param name="giveUp">Ends a hanging run when a terminating signal has had no receiver for too long; null to wait on.</param>
    internal SignalForwarder(ISignalSource? source, Func<int, bool> deliver, bool terminal, Func<bool>? giveUp = null)
    {
        this.deliver = deliver;
        this.giveUp = giveUp;
        if (source is null)
            return;
        foreach (int number in Passed)
            Receive(source, number);
        if (!terminal)
            Receive(source, SignalNumber.SIGWINCH);
    }

    /// <summary>The last terminating signal that arrived, or 0.</summary>
    internal int LastFatalSignal { get; private set; }

    /// <summary>Cancelled by the first terminating signal.</summary>
    internal CancellationToken Fatal => fatal.Token;

    /// <summary>Cancelled when a terminating signal has come twice, or was not obeyed in time: what still runs then hangs.</summary>
    internal CancellationToken Impatient => impatient.Token;

    /// <summary>Whether the runtime was ended because it did not create the container's process.</summary>
    internal bool GaveUp => gaveUp;

    /// <summary>Signals are still caught, but go nowhere: the container's process has ended, and another process may get its number soon.</summary>
    internal void StopDelivering()
    {
        lock (delivering)
            ended.Cancel();
    }

    public void Dispose()
    {
        StopDelivering();
        foreach (IDisposable one in caught)
            one.Dispose();
        ended.Dispose();
        fatal.Dispose();
        impatient.Dispose();
    }

    private void Receive(ISignalSource source, int number) => caught.Add(source.Receive(number, () => Deliver(number)));

    /// <summary>Sends a signal to the container's process, as soon as that exists.</summary>
    internal void Deliver(int number)
    {
        // A user who asks for the end twice does not mean to wait.
        bool again = IsToEndAll(number) && IsToEndAll(LastFatalSignal);
        if (number != SignalNumber.SIGWINCH)
        {
            LastFatalSignal = number;
            fatal.Cancel();
        }
        if (again)
            impatient.Cancel();
        else if (IsToEndAll(number))
            impatient.CancelAfter(Grace);
        if (!TryDeliver(number))
            _ = DeliverLaterAsync(number, again ? TimeSpan.Zero : Grace);
    }

    // A signal may come before the container's process exists; it then waits for the process, as it would wait for a program that is being loaded. A
    // runtime that creates no process is ended, even where the runtime itself starts only now.
    private async Task DeliverLaterAsync(int number, TimeSpan grace)
    {
        try
        {
            long start = Stopwatch.GetTimestamp();
            while (!TryDeliver(number))
            {
                bool patient = giveUp is null || !IsToEndAll(number) || Stopwatch.GetElapsedTime(start) < grace;
                if (!patient)
                    GiveUp();
                await Task.Delay(patient ? PidFilePoll : GiveUpPoll, ended.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The run ended first: there is no process left to receive the signal.
        }
    }

    // SIGKILL ends a container whose time limit is over.
    private static bool IsToEndAll(int signal) => signal is SignalNumber.SIGHUP or SignalNumber.SIGINT or SignalNumber.SIGQUIT or SignalNumber.SIGKILL or SignalNumber.SIGTERM;

    // The flag is set before the runtime is ended: the thread that waits for the runtime sees its end at once.
    private void GiveUp()
    {
        bool before = gaveUp;
        gaveUp = true;
        gaveUp = giveUp!() || before;
    }

    private bool TryDeliver(int number)
    {
        lock (delivering)
            return ended.IsCancellationRequested || deliver(number);
    }

    private static bool TryDeliver(RuntimeTraits traits, string pidFile, Action<int> askRuntime, int number)
    {
        // The pid file appears when the process is set up, under every runtime: before that the runtime itself would die of the signal.
        if (ContainerPidFile.Read(pidFile) is not { } pid)
            return false;
        if (traits.LeavesContainerProcess)
            ProcessCalls.Kill(pid, number);
        else
            askRuntime(number);
        return true;
    }
}
