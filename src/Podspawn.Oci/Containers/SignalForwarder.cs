using System.Runtime.InteropServices;
using Podspawn.Oci.Hosting;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Containers;

/// <summary>Passes the signals that reach us on to the container's process.</summary>
internal sealed class SignalForwarder : IDisposable
{
    private const int SIGUSR1 = 10;
    private const int SIGUSR2 = 12;
    private static readonly TimeSpan PidFilePoll = TimeSpan.FromMilliseconds(5);

    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly Func<int, bool> deliver;
    private readonly CancellationTokenSource ended = new();
    private readonly CancellationTokenSource fatal = new();
    private readonly Lock delivering = new();

    /// <param name="traits">Tell whom to signal: the container's process itself, or else the runtime is asked to.</param>
    /// <param name="pidFile">Where the runtime writes the container's process id.</param>
    /// <param name="askRuntime">Has the runtime send a signal to the container's process.</param>
    /// <param name="terminal">Whether the container has a terminal: window changes then go through it.</param>
    internal SignalForwarder(RuntimeTraits traits, string pidFile, Action<int> askRuntime, bool terminal)
        : this(signal => TryDeliver(traits, pidFile, askRuntime, signal), terminal)
    {
    }

    /// <param name="deliver">Sends a signal to whoever is to have it; false while there is nobody yet.</param>
    /// <param name="terminal">Whether window changes go another way.</param>
    internal SignalForwarder(Func<int, bool> deliver, bool terminal)
    {
        this.deliver = deliver;
        Register(PosixSignal.SIGHUP, 1);
        Register(PosixSignal.SIGINT, 2);
        Register(PosixSignal.SIGQUIT, 3);
        Register(PosixSignal.SIGTERM, 15);
        Register((PosixSignal)SIGUSR1, SIGUSR1);
        Register((PosixSignal)SIGUSR2, SIGUSR2);
        if (!terminal)
            Register(PosixSignal.SIGWINCH, 28);
    }

    /// <summary>The last signal that would have ended the launch, or 0.</summary>
    internal int LastFatalSignal { get; private set; }

    /// <summary>Cancelled by a signal that would have ended the launch.</summary>
    internal CancellationToken Fatal => fatal.Token;

    /// <summary>Signals are still caught, but go nowhere: the container's process has ended, and its number may be another's soon.</summary>
    internal void StopDelivering()
    {
        lock (delivering)
            ended.Cancel();
    }

    public void Dispose()
    {
        StopDelivering();
        foreach (PosixSignalRegistration registration in registrations)
            registration.Dispose();
        ended.Dispose();
        fatal.Dispose();
    }

    private void Register(PosixSignal signal, int number) => registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        Deliver(number);
    }));

    /// <summary>Has the container's process get a signal, once there is one.</summary>
    internal void Deliver(int number)
    {
        if (number != 28)
        {
            LastFatalSignal = number;
            fatal.Cancel();
        }
        if (!TryDeliver(number))
            _ = DeliverLaterAsync(number);
    }

    // A signal may come before the container's process exists: it waits for it, as it would wait for a program that is being loaded.
    private async Task DeliverLaterAsync(int number)
    {
        try
        {
            while (!TryDeliver(number))
                await Task.Delay(PidFilePoll, ended.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The run ended first: nobody is left to receive it.
        }
    }

    private bool TryDeliver(int number)
    {
        lock (delivering)
            return ended.IsCancellationRequested || deliver(number);
    }

    private static bool TryDeliver(RuntimeTraits traits, string pidFile, Action<int> askRuntime, int number)
    {
        // The pid file appears when the process is set up, under every runtime: before that the runtime itself would die of the signal.
        if (InitProcess.Read(pidFile) is not { } pid)
            return false;
        if (traits.LeavesContainerProcess)
            _ = Tmds.Linux.LibC.kill(pid, number);
        else
            askRuntime(number);
        return true;
    }
}
