using System.Globalization;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Something on the host that belongs to no living container.</summary>
/// <param name="Kind">Its kind: <c>container</c>, <c>scratch</c>, <c>name</c>, <c>volume</c>, <c>network</c>, <c>cgroup</c> or <c>process</c>.</param>
/// <param name="What">Its name, path or id.</param>
/// <param name="Why">Why it is removed or brought in line; or why it is left alone.</param>
/// <param name="LeftAlone">Whether it stays, since it is not certain that it is ours and dead.</param>
public sealed record Orphan(string Kind, string What, string Why, bool LeftAlone = false);

/// <summary>Finds what processes that were killed half-way have left behind, and removes it.</summary>
public sealed class OrphanCollector(ContainerRegistry registry)
{
    private const string NoContainer = "it has no container";

    private readonly StateLayout layout = registry.Store.Layout;

    /// <summary>Lists the orphans; changes nothing.</summary>
    public IReadOnlyList<Orphan> Find() => [.. Removable(), .. LeftAlone()];

    /// <summary>Removes the orphans.</summary>
    /// <returns>The orphans, and what was left alone.</returns>
    public IReadOnlyList<Orphan> Collect()
    {
        // State of an earlier boot, in a /run that was not emptied, is taken over first.
        if (Directory.Exists(layout.Containers))
            registry.Store.Establish();
        IReadOnlyList<Orphan> found = Find();
        foreach (string id in registry.Ids().ToList())
            _ = registry.Read(id);
        registry.Store.Recover();
        registry.Store.SweepNames();
        new VolumeStore(layout).Recover();
        new NetworkStore(layout).Recover();
        foreach ((ContainerPaths container, _) in OrphanProcesses().ToList())
            ContainerCleanup.EndHelpers(container);
        foreach (string cgroup in OrphanCgroups())
            CgroupCleanup.Remove(cgroup);
        return found;
    }

    private IEnumerable<Orphan> Removable() =>
    [
        .. Abandoned(),
        .. Stale(),
        .. OrphanLayers.Find(layout).Select(layer => new Orphan("scratch", layer.Path, layer.Why)),
        .. registry.Store.OrphanNames().Select(name => new Orphan("name", name, NoContainer)),
        .. new VolumeStore(layout).Unused().Select(volume => new Orphan("volume", volume, NoContainer)),
        .. new NetworkStore(layout).Unused().Select(bridge => new Orphan("network", bridge, NoContainer)),
        .. new NetworkStore(layout).Open().Select(network => new Orphan("network", network, "what closes it off is gone")),
        .. OrphanCgroups().Select(cgroup => new Orphan("cgroup", cgroup, NoContainer)),
        .. OrphanProcesses().Select(orphan =>
            new Orphan("process", orphan.Container.Id, string.Create(CultureInfo.InvariantCulture, $"process {orphan.Pid} works for a container that is gone"))),
    ];

    private IEnumerable<Orphan> LeftAlone() =>
    [
        .. OrphanLayers.LeftAlone(layout).Select(layer => new Orphan("scratch", layer.Path, layer.Why, LeftAlone: true)),
        .. CgroupCleanup.OfContainers().Where(found => Own(found.Name) is null).Select(found => found.Cgroup).Distinct()
            .Select(cgroup => new Orphan("cgroup", cgroup, "it is not of this store, and what runs in it may be in use", LeftAlone: true)),
    ];

    private IEnumerable<Orphan> Abandoned() =>
        registry.Ids().Where(registry.Store.IsAbandoned).Select(id => new Orphan("container", id, "whoever was making or running it was killed"));

    private IEnumerable<Orphan> Stale()
    {
        foreach (string id in registry.Ids())
        {
            ContainerPaths paths = layout.Of(id);
            if (RecordJson.ReadState(paths.State) is not { } state || !Reconciler.MayBeStale(state))
                continue;
            using FileLock? free = FileLock.TryTake(paths.Lock);
            if (free is not null && RecordJson.ReadState(paths.State) is { } now && Reconciler.MayBeStale(now))
                yield return new Orphan("container", id, $"it is written down as {StatusWords.Of(now.Status)}, and is not");
        }
    }

    private IEnumerable<string> OrphanCgroups() => CgroupCleanup.OfContainers()
        .Where(found => Own(found.Name) is { } id && !Directory.Exists(layout.Of(id).Directory)).Select(found => found.Cgroup).Distinct();

    // The container that a cgroup's name belongs to; null where it is not one of this store's.
    private string? Own(string name) =>
        StoreIdentity.Split(name) is { } parts && parts.Store == layout.Identity?.Store && ContainerId.IsValid(parts.Id) ? parts.Id : null;

    private IEnumerable<(ContainerPaths Container, int Pid)> OrphanProcesses()
    {
        foreach ((int pid, string mark) in MarkedProcesses.All(ProcessMarks.Container))
        {
            if (ProcessMark.Read(mark, layout) is { } paths && !Directory.Exists(paths.Directory))
                yield return (paths, pid);
        }
    }
}
