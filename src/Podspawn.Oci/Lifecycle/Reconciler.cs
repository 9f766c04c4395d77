using System.Globalization;
using Podspawn.Oci.Errors;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Brings the recorded state of a container in line with its processes and its runtime.</summary>
internal static class Reconciler
{
    /// <summary>Whether the holder of the lock has to check a state; costs a read of /proc for a running container.</summary>
    internal static bool MayBeStale(ContainerState state) => state.Status switch
    {
        ContainerStatus.Created => false,
        ContainerStatus.Exited => state.Releasing,
        ContainerStatus.Running or ContainerStatus.Paused => state.Freezing || state.Process?.IsAlive() != true || IsForgotten(state),
        ContainerStatus.Restarting => state.Restarter?.IsAlive() != true,
        _ => true,
    };

    /// <summary>Brings a container in line before its holder uses it. False where that removes it.</summary>
    internal static bool Settle(LockedContainer held)
    {
        if (!MayBeStale(held.State))
            return !RemovedWithItsEnd(held);
        switch (held.State.Status)
        {
            case ContainerStatus.Starting:
                RunCleanup.Clear(held);
                held.Write(held.State with
                {
                    Status = held.State.Finished is null ? ContainerStatus.Created : ContainerStatus.Exited,
                    Process = null,
                    Monitor = null,
                    Error = "its start was interrupted",
                });
                break;
            case ContainerStatus.Running or ContainerStatus.Paused when held.State.Process?.IsAlive() == true:
                SettlePause(held);
                return true;
            case ContainerStatus.Running or ContainerStatus.Paused:
                End(held);
                break;
            case ContainerStatus.Exited:
                Release(held);
                break;
            case ContainerStatus.Restarting:
                held.Write(held.State with { Status = ContainerStatus.Exited, Restarter = null, Error = "who was to start it again was killed" });
                break;
            case ContainerStatus.Removing:
                ContainerRemover.Remove(held);
                return false;
        }
        return !RemovedWithItsEnd(held);
    }

    private static void SettlePause(LockedContainer held)
    {
        bool forgotten = IsForgotten(held.State);
        if (forgotten)
            Freezer.Thaw(held.Now);
        held.Write(held.State with
        {
            Freezing = false,
            Pauser = forgotten ? null : held.State.Pauser,
            Status = Freezer.IsFrozen(held.Now) ? ContainerStatus.Paused : ContainerStatus.Running,
        });
    }

    // Whoever paused it for its own work was killed before it let it go on.
    private static bool IsForgotten(ContainerState state) => state.Pauser?.IsAlive() == false;

    // A process that waited for the end may have recorded it, and left the removal to us.
    private static bool RemovedWithItsEnd(LockedContainer held)
    {
        if (!held.Definition.Lifecycle.Remove || held.State.Started is null || held.State.Status is not (ContainerStatus.Created or ContainerStatus.Exited))
            return false;
        ContainerRemover.RemoveEnded(held);
        return true;
    }

    /// <summary>Records the end of a container whose process is gone; its removal is left to the caller.</summary>
    internal static void SettleEnd(LockedContainer held)
    {
        if (held.Now.HasProcess && held.State.Process?.IsAlive() != true)
            End(held);
    }

    private static void End(LockedContainer held)
    {
        ContainerState state = held.State;
        ExitRecord exit = ExitRecord.Await(held.Paths, state.Monitor);
        // conmon learns of it by an event, and may itself be killed.
        bool starved = exit.OutOfMemory || MemoryKills.Any(held.Definition.Cgroup);
        (int status, string? error) = exit.Status switch
        {
            null => (ExitRecord.Unknown, "its monitor was killed, so that nobody knows the exit status"),
            < 0 when held.Definition.Lifecycle.TimeoutSeconds > 0 => (ExitCodes.TimedOut, $"killed at the end of its time of {held.Definition.Lifecycle.TimeoutSeconds} s"),
            int known => (known & 0xFF, starved ? "it ran out of memory" : null),
        };
        // A pause that was said holds, even where the processes ended before they were frozen; an unpause takes it back.
        bool paused = state.Pauser is null && (state.Status == ContainerStatus.Paused) != state.Freezing;
        held.Write(state with
        {
            Status = ContainerStatus.Exited,
            Freezing = false,
            Pauser = null,
            Stopper = null,
            StopRequested = state.StopRequested || paused,
            Finished = exit.Time,
            ExitStatus = status,
            OutOfMemory = starved,
            Error = error,
            Releasing = true,
        });
        Faults.Point("end.written");
        if (starved)
            EventLog.Report(held.Store, held.Definition, "oom");
        EventLog.Report(held.Store, held.Definition, "die", ("exitCode", status.ToString(CultureInfo.InvariantCulture)));
        Release(held);
    }

    // Called only when the exit status is recorded: this removes the files that it was read from.
    private static void Release(LockedContainer held)
    {
        RunCleanup.Release(held);
        held.Write(held.State with { Releasing = false, Process = null });
        Faults.Point("end.released");
    }
}
