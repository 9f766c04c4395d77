using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Handles the end of a container when conmon reports it: records the end, and restarts the container where its policy says so.</summary>
/// <param name="registry">The containers.</param>
/// <param name="exit">The command that the monitor of a restarted container calls.</param>
/// <param name="signals">The source of a signal that ends such a restart; null for none.</param>
public sealed class ExitHandler(ContainerRegistry registry, ExitCommand exit, ISignalSource? signals)
{
    private const int FirstDelayMilliseconds = 100;
    private const int LongestDelayMilliseconds = 60_000;

    // Docker's rule: a container that ran this long has recovered from its earlier failures.
    private static readonly TimeSpan Recovered = TimeSpan.FromSeconds(10);

    /// <summary>Records the end of the container with that id; a container that is gone needs nothing.</summary>
    public void Handle(string id)
    {
        ContainerPaths paths = registry.Store.Layout.Of(ContainerId.Check(id));
        ProcessIdentity self = ProcessIdentity.Of(Environment.ProcessId);
        TimeSpan delay;
        using (LockedContainer? held = LockedContainer.Take(registry.Store, paths))
        {
            if (held is null || !Reconciler.Settle(held) || !WantsRestart(held))
                return;
            ContainerState state = held.State;
            int restarts = state.Finished - state.Started > Recovered ? 0 : state.Restarts;
            delay = TimeSpan.FromMilliseconds(Math.Min(LongestDelayMilliseconds, FirstDelayMilliseconds << Math.Min(restarts, 20)));
            held.Write(state with { Status = ContainerStatus.Restarting, Restarter = self, Restarts = restarts + 1 });
            Faults.Point("restart.written");
            LeaveMonitor(held);
        }
        Thread.Sleep(delay);
        using LockedContainer? again = LockedContainer.Take(registry.Store, paths);
        // Another process may have stopped or removed it in the meantime.
        if (again is null || again.State.Status != ContainerStatus.Restarting || again.State.Restarter != self)
            return;
        ContainerStarter.Start(again, exit, signals, _ => { });
        EventLog.Report(registry.Store, again.Definition, "restart");
    }

    private static bool WantsRestart(LockedContainer held)
    {
        ContainerState state = held.State;
        RestartPolicy policy = held.Definition.Lifecycle.Restart;
        if (state is not { Status: ContainerStatus.Exited, StopRequested: false })
            return false;
        return policy.Condition switch
        {
            RestartCondition.Always => true,
            RestartCondition.OnFailure => state.ExitStatus != 0 && (policy.MaximumRetries == 0 || state.Restarts < policy.MaximumRetries),
            _ => false,
        };
    }

    // We are a child of the old monitor, which would adopt the new one as its own child and wait for it: with each restart one more monitor would
    // stay. The old monitor's work is done. The layer that it mounted is in our namespace too, and must not be mounted twice.
    private static void LeaveMonitor(LockedContainer held)
    {
        if (!held.Definition.RootfsWritable)
            ScratchLayer.Unmount(held.Paths.Root);
        if (held.State.Monitor is { } monitor && ProcessStat.Read(Environment.ProcessId)?.Parent == monitor.Pid)
            ProcessTermination.Force(monitor);
    }
}
