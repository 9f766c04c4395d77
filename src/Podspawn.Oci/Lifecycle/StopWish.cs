using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>
/// A user's word that a container is not to run on, by a stop, a kill, a removal or a pause. It is recorded before anything is done for it, whatever
/// the container is doing at that moment: the process that handles the container's end may be waiting for the lock, and would start it again.
/// </summary>
internal static class StopWish
{
    /// <summary>Records the wish in a settled container: no policy starts it again until a user does.</summary>
    /// <param name="held">The container.</param>
    /// <param name="stopper">The process that waits for its end; null for none.</param>
    /// <returns>Whether a restart was due, and is called off.</returns>
    internal static bool Record(LockedContainer held, ProcessIdentity? stopper = null)
    {
        ContainerState state = held.State;
        // No policy starts a container that was never started, or that is being removed.
        if (state.Status is ContainerStatus.Created or ContainerStatus.Removing)
            return false;
        bool restarting = state.Status == ContainerStatus.Restarting;
        bool due = restarting || RestartRule.IsDue(held);
        ContainerState wish = restarting
            ? state with { Status = ContainerStatus.Exited, Restarter = null, StopRequested = true }
            : state with { StopRequested = true, Stopper = held.Now.HasProcess ? stopper ?? state.Stopper : null };
        if (wish != state)
            Write(held, wish);
        Faults.Point("wish.written");
        // It would look at the record when its pause is over, and do nothing more.
        if (restarting && state.Restarter is { } restarter)
            ProcessTermination.Force(restarter);
        return due;
    }

    private static void Write(LockedContainer held, ContainerState state)
    {
        try
        {
            held.Write(state);
        }
        catch (IOException) when (held.Definition.Lifecycle.Restart.Condition == RestartCondition.No)
        {
            // Without a policy nobody reads the mark; and a container must be stoppable even where the disk has no room for the record.
        }
    }
}
