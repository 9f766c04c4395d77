using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Removes detached containers, with everything they wrote.</summary>
internal static class ContainerRemover
{
    private const int PollMilliseconds = 5;
    private static readonly TimeSpan PatienceWithWaiters = TimeSpan.FromSeconds(3);

    /// <summary>Removes a container. If this is interrupted, the next process that locks the container continues the removal.</summary>
    internal static void Remove(LockedContainer held)
    {
        Mark(held);
        Faults.Point("rm.marked");
        RunCleanup.Clear(held);
        Faults.Point("rm.cleared");
        TreeRemoval.Remove(held.Paths.Scratch);
        Faults.Point("rm.scratch");
        ImageUse.Withdraw(held.Store.Layout, held.Definition);
        held.Store.Forget(held.Paths, held.Definition.Name);
        Faults.Point("rm.forgotten");
        EventLog.Report(held.Store, held.Definition, "remove");
    }

    private static void Mark(LockedContainer held)
    {
        try
        {
            if (held.State.Status != ContainerStatus.Removing)
                held.Write(held.State with { Status = ContainerStatus.Removing });
        }
        catch (IOException) when (Directory.Exists(held.Paths.Directory))
        {
            // Where the disk is too full to record the removal, the removal itself frees space. Where nothing can be written at all, the removal reports it.
        }
    }

    /// <summary>Removes a container that ended with <c>--rm</c>, once every waiting process has its exit status.</summary>
    internal static void RemoveEnded(LockedContainer held)
    {
        DateTime end = DateTime.UtcNow + PatienceWithWaiters;
        FileLock? free = FileLock.TryTake(held.Paths.Waiters);
        while (free is null && File.Exists(held.Paths.Waiters) && DateTime.UtcNow < end)
        {
            Thread.Sleep(PollMilliseconds);
            free = FileLock.TryTake(held.Paths.Waiters);
        }
        using (free)
            Remove(held);
    }
}
