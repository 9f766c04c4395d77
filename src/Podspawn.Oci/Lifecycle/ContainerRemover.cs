using Podspawn.Oci.Lifecycle.Events;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Removes kept containers, with all that they wrote.</summary>
internal static class ContainerRemover
{
    private const int PollMilliseconds = 5;
    private static readonly TimeSpan PatienceWithWaiters = TimeSpan.FromSeconds(3);

    /// <summary>Removes one. Whatever stops this, the next who comes to the container goes on with it.</summary>
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
            // Where there is no room to say so, its removal makes some. Where nothing can be written, the removal itself tells.
        }
    }

    /// <summary>Removes one that ended with <c>--rm</c>, once everybody who waits for its exit status has it.</summary>
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
