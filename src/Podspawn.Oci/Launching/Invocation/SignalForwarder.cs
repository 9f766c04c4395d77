using System.Diagnostics;
using Podspawn.Oci.Host;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>Passes the signals that reach us on to the container's process.</summary>
internal sealed class SignalForwarder : IDisposable
{
    private static readonly int[] Passed =
        [SignalNumber.SIGHUP, SignalNumber.SIGINT, SignalNumber.SIGQUIT, SignalNumber.SIGUSR1, SignalNumber.SIGUSR2, SignalNumber.SIGTERM];

    private static readonly TimeSpan PidFilePoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan GiveUpPoll = TimeSpan.FromMilliseconds(100);

    // Docker's and podman's, between a container's SIGTERM and its SIGKILL.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly List<IDisposable> caught = [];
    private readonly Func<int, bool> deliver;
    private readonly Func<bool>? giveUp;
    private volatile bool gaveUp;
    private readonly CancellationTokenSource ended = new();
    private readonly CancellationTokenSource fatal = new();
    private readonly CancellationTokenSource impatient = new();
    private readonly Lock delivering = new();

    /// <param name="source">Where the signals come from; null for nowhere.</param>
    /// <param name="traits">Tell whom to signal: the container's process itself, or else the runtime is asked to.</param>
    /// <param name="pidFile">Where the runtime writes the container's process id.</param>
    /// <param name="askRuntime">Has the runtime send a signal to the container's process.</param>
    /// <param name="terminal">Whether the container has a terminal: window changes then go through it.</param>
    /// <param name="giveUp">Ends a runtime that hangs before there is a container's process; false where there is no runtime.</param>
    internal SignalForwarder(ISignalSource? source, RuntimeTraits traits, string pidFile, Action<int> askRuntime, bool terminal, Func<bool> giveUp)
        : this(source, signal => TryDeliver(traits, pidFile, askRuntime, signal), terminal, giveUp)
    {
    }

    /// <param name="source">Where the signals come from; null for nowhere.</param>
    /// <param name="deliver">Sends a signal to whoever is to have it; false while there is nobody yet.</param>
    /// <param name="terminal">Whether window changes go another way.</param>
    /// <param name="giveUp">Ends what hangs when a signal that is to end all has nobody to go to for too long; null for waiting on.</param>
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

    /// <summary>The last signal that would have ended the launch, or 0.</summary>
    internal int LastFatalSignal { get; private set; }

    /// <summary>Cancelled by a signal that would have ended the launch.</summary>
    internal CancellationToken Fatal => fatal.Token;

    /// <summary>Cancelled when a signal that is to end all has come twice, or long enough ago: what goes on by then hangs.</summary>
    internal CancellationToken Impatient => impatient.Token;

    /// <summary>Whether the runtime was ended, since no container's process came of it.</summary>
    internal bool GaveUp => gaveUp;

    /// <summary>Signals are still caught, but go nowhere: the container's process has ended, and its number may be another's soon.</summary>
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

    /// <summary>Has the container's process get a signal, once there is one.</summary>
    internal void Deliver(int number)
    {
        // Who asks for the end twice does not mean to wait.
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

    // A signal may come before the container's process exists: it waits for it, as it would wait for a program that is being loaded. A runtime
    // that makes none is ended, at its start too if it comes to that only now.
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
            // The run ended first: nobody is left to receive it.
        }
    }

    // SIGKILL is the end of the container's time.
    private static bool IsToEndAll(int signal) => signal is SignalNumber.SIGHUP or SignalNumber.SIGINT or SignalNumber.SIGQUIT or SignalNumber.SIGKILL or SignalNumber.SIGTERM;

    // Said before it is done: who waits for the runtime sees its end at once.
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
