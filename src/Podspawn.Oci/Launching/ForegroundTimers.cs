using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Invocation;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Launching;

/// <summary>Two duties beside a container in the foreground: it enforces the time limit, and writes the file that holds the process's id.</summary>
internal sealed class ForegroundTimers : IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(30);

    private readonly LifecycleOptions keep;
    private readonly SignalForwarder signals;
    private readonly DateTime end;
    private readonly Timer? timer;
    private readonly Task<int?>? pidFile;
    private volatile bool ended;

    internal ForegroundTimers(LifecycleOptions keep, ContainerPaths paths, SignalForwarder signals)
    {
        this.keep = keep;
        this.signals = signals;
        if (keep.TimeoutSeconds > 0)
        {
            end = DateTime.UtcNow.AddSeconds(keep.TimeoutSeconds);
            timer = new Timer(_ => Tick());
            Tick();
        }
        if (keep.PidFile is { } file)
            pidFile = Task.Run(() => Name(file, paths));
    }

    /// <summary>Whether its time has ended, so that it was killed.</summary>
    internal bool TimedOut { get; private set; }

    public void Dispose()
    {
        ended = true;
        timer?.Dispose();
        if (pidFile is not null)
            PidFiles.Remove(keep.PidFile, pidFile.GetAwaiter().GetResult());
    }

    // A timer cannot be set for more than 49 days.
    private void Tick()
    {
        TimeSpan left = end - DateTime.UtcNow;
        if (left <= TimeSpan.Zero)
        {
            TimedOut = true;
            signals.Deliver(SignalNumber.SIGKILL);
        }
        else
        {
            timer!.Change(left < LongestTimer ? left : LongestTimer, Timeout.InfiniteTimeSpan);
        }
    }

    private int? Name(string file, ContainerPaths paths)
    {
        int? pid = ContainerPidFile.Await(paths.PidFile, () => !ended);
        if (pid is { } number)
            PidFiles.Write(Setting.PidFile, file, number);
        return pid;
    }
}
