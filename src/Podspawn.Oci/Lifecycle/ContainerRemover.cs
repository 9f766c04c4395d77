using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Volumes;

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
        ContainerMounts.Release(held.Paths);
        TreeRemoval.Remove(held.Paths.Scratch);
        Faults.Point("rm.scratch");
        ImageUse.Withdraw(held.Store.Layout, held.Definition);
        held.Store.Forget(held.Paths, held.Definition.Name);
        Faults.Point("rm.forgotten");
        if (VolumeUses.NamesIn(held.Definition).ToArray() is { Length: > 0 } volumes)
            new VolumeStore(held.Store.Layout).Withdraw(held.Definition.Id, volumes);
        EventLog.Report(held.Store, held.Definition, "remove");
    }

    /// <summary>Lets the volumes that the container's user has given no name go with the container, unless another one uses them.</summary>
    internal static void LetVolumesGo(LockedContainer held)
    {
        string[] unnamed = [.. held.Definition.Mounts.Select(mount => mount.Volume).OfType<NamedVolume>().Where(volume => volume.IsAnonymous).Select(volume => volume.Name)];
        if (unnamed.Length > 0)
            new VolumeStore(held.Store.Layout).LetGo(unnamed);
        Faults.Point("rm.volumes");
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
