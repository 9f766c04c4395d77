namespace Podspawn.Oci.Native;

/// <summary>Catches the signals that would end this process, so that what is half done can be cleared away first.</summary>
internal sealed class Interruption : IDisposable
{
    private static readonly int[] Fatal = [SignalNumber.SIGHUP, SignalNumber.SIGINT, SignalNumber.SIGQUIT, SignalNumber.SIGTERM];

    private readonly CancellationTokenSource source = new();
    private readonly IDisposable[] caught;

    /// <param name="signals">Where signals come from; null for nowhere, which leaves them what they do.</param>
    internal Interruption(ISignalSource? signals) => caught = signals is null ? [] : [.. Fatal.Select(number => signals.Receive(number, () =>
    {
        Signal = number;
        source.Cancel();
    }))];

    /// <summary>Cancelled by the first signal.</summary>
    internal CancellationToken Token => source.Token;

    /// <summary>The signal that came last; 0 for none.</summary>
    internal int Signal { get; private set; }

    public void Dispose()
    {
        foreach (IDisposable one in caught)
            one.Dispose();
        source.Dispose();
    }
}
