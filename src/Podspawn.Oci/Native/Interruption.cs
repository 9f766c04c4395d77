using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>Catches the signals that would end us, so that what is half done can be cleared away first.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];

    internal Interruption()
    {
        foreach ((PosixSignal signal, int number) in new[] { (PosixSignal.SIGHUP, SignalNumber.SIGHUP), (PosixSignal.SIGINT, SignalNumber.SIGINT), (PosixSignal.SIGQUIT, SignalNumber.SIGQUIT), (PosixSignal.SIGTERM, SignalNumber.SIGTERM) })
        {
            registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Signal = number;
                source.Cancel();
            }));
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    internal CancellationToken Token => source.Token;

    /// <summary>The signal that came last; 0 for none.</summary>
    internal int Signal { get; private set; }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations)
            registration.Dispose();
        source.Dispose();
    }
}
