using Podspawn.Oci.Launching.Invocation;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Executing;

/// <summary>Kills an additional process when its time is over.</summary>
internal sealed class ExecTimeLimit : IDisposable
{
    private readonly Timer? timer;
    private volatile bool isOver;

    /// <param name="limit">The time; null for none.</param>
    /// <param name="signals">Sends the signal to the process.</param>
    internal ExecTimeLimit(TimeSpan? limit, SignalForwarder signals)
    {
        if (limit is { } span)
            timer = new Timer(_ => End(signals), null, span, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the time is over.</summary>
    internal bool IsOver => isOver;

    public void Dispose() => timer?.Dispose();

    private void End(SignalForwarder signals)
    {
        isOver = true;
        try
        {
            signals.Deliver(SignalNumber.SIGKILL);
        }
        catch (ObjectDisposedException)
        {
            // The process has ended at this moment.
        }
    }
}
