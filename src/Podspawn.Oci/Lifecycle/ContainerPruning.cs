using Podspawn.Oci.Images.Store;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>A container that a prune removed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Size">The size of its layer, in bytes on disk.</param>
public sealed record PrunedContainer(string Id, string Name, long Size);

/// <summary>Removes stopped containers.</summary>
public sealed class ContainerPruning(ContainerRegistry registry)
{
    /// <summary>Removes the stopped containers that match; one that is started meanwhile stays.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="dryRun">Whether to list them only.</param>
    public IReadOnlyList<PrunedContainer> Prune(ContainerFilter filter, bool dryRun)
    {
        var pruned = new List<PrunedContainer>();
        foreach (Container container in registry.All().Where(container => IsOver(container) && filter.Fits(container)))
        {
            var found = new PrunedContainer(container.Id, container.Name, DiskUse.Of(container.Paths.Scratch));
            if (dryRun || TryRemove(container))
                pruned.Add(found);
        }
        return pruned;
    }

    private static bool IsOver(Container container) => container.State.Status is ContainerStatus.Created or ContainerStatus.Exited && !container.Definition.Foreground;

    private bool TryRemove(Container container)
    {
        using LockedContainer? held = registry.Hold(container);
        if (held is null || !Reconciler.Settle(held) || !IsOver(held.Now))
            return false;
        ContainerRemover.Remove(held);
        return true;
    }
}
