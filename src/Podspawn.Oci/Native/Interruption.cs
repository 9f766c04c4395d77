namespace Podspawn.Oci.Native;

/// <summary>Catches the signals that would end this process, so that half-done work can be cleaned up first.</summary>
internal sealed class Interruption : IDisposable
{
    private static readonly int[] Fatal = [SignalNumber.SIGHUP, SignalNumber.SIGINT, SignalNumber.SIGQUIT, SignalNumber.SIGTERM];

    private readonly CancellationTokenSource source = new();
    private readonly IDisposable[] caught;

    /// <param name="signals">The source of the signals; null for none, which leaves them their default actions.</param>
    internal Interruption(ISignalSource? signals) => caught = signals is null ? [] : [.. Fatal.Select(number => signals.Receive(number, () =>
    {
        Signal = number;
        source.Cancel();
    }))];

    /// <summary>Cancelled by the first signal.</summary>
    internal CancellationToken Token => source.Token;

    /// <summary>The last signal; 0 for none.</summary>
    internal int Signal { get; private set; }

    public void Dispose()
    {
        foreach (IDisposable one in caught)
            one.Dispose();
        source.Dispose();
    }
}
