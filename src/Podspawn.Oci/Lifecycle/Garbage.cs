using System.Globalization;
using Podspawn.Oci.Containers;
using Podspawn.Oci.Containers.Records;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Something on the host that no living container accounts for.</summary>
/// <param name="Kind">What it is: <c>container</c>, <c>scratch</c>, <c>name</c>, <c>cgroup</c> or <c>process</c>.</param>
/// <param name="What">Which one.</param>
/// <param name="Why">Why it is to go, or to be brought in line.</param>
public sealed record GarbageItem(string Kind, string What, string Why);

/// <summary>Finds what was left by whoever was killed half-way, and clears it away.</summary>
public sealed class Garbage(ContainerRegistry registry)
{
    private readonly StateLayout layout = registry.Store.Layout;

    /// <summary>What there is; nothing is touched.</summary>
    public IReadOnlyList<GarbageItem> Find() =>
        [.. Abandoned(), .. Stale(), .. OrphanScratches(), .. OrphanNames(), .. OrphanCgroups().Select(cgroup => new GarbageItem("cgroup", cgroup, "it has no container")), .. OrphanProcesses()];

    /// <summary>Clears away what there is.</summary>
    /// <returns>What there was.</returns>
    public IReadOnlyList<GarbageItem> Collect()
    {
        IReadOnlyList<GarbageItem> found = Find();
        foreach (string id in registry.Ids().ToList())
            _ = registry.Read(id);
        registry.Store.Recover();
        registry.Store.SweepNames();
        foreach (GarbageItem process in found.Where(item => item.Kind == "process"))
            AbandonedContainer.EndHelpers(layout.Of(process.What));
        foreach (string cgroup in OrphanCgroups())
            CgroupRemains.Remove(cgroup);
        return found;
    }

    private IEnumerable<GarbageItem> Abandoned() =>
        registry.Ids().Where(registry.Store.IsAbandoned).Select(id => new GarbageItem("container", id, "whoever was making or running it was killed"));

    private IEnumerable<GarbageItem> Stale()
    {
        foreach (string id in registry.Ids())
        {
            ContainerPaths paths = layout.Of(id);
            if (RecordJson.ReadState(paths.State) is not { } state || !Reconciler.MayBeStale(state))
                continue;
            using FileLock? free = FileLock.TryTake(paths.Lock);
            if (free is not null && RecordJson.ReadState(paths.State) is { } now && Reconciler.MayBeStale(now))
                yield return new GarbageItem("container", id, $"it is written down as {StatusWords.Of(now.Status)}, and is not");
        }
    }

    private IEnumerable<GarbageItem> OrphanScratches() => Names(layout.Scratches)
        .Where(id => !Directory.Exists(layout.Of(id).Directory)).Select(id => new GarbageItem("scratch", $"{layout.Scratches}/{id}", "it has no container"));

    private IEnumerable<GarbageItem> OrphanNames() => registry.Store.OrphanNames().Select(name => new GarbageItem("name", name, "it has no container"));

    private IEnumerable<string> OrphanCgroups() => CgroupRemains.OfContainers()
        .Where(found => !Directory.Exists(layout.Of(found.Id).Directory)).Select(found => found.Cgroup).Distinct();

    private IEnumerable<GarbageItem> OrphanProcesses() => AbandonedContainer.MarkedDirectories()
        .Where(marked => marked.Directory.StartsWith($"{layout.Containers}/", StringComparison.Ordinal) && !Directory.Exists(marked.Directory))
        .Select(marked => new GarbageItem("process", Path.GetFileName(marked.Directory), string.Create(CultureInfo.InvariantCulture, $"process {marked.Pid} works for a container that is gone")));

    private static IEnumerable<string> Names(string directory) => Directory.Exists(directory) ? Directory.EnumerateDirectories(directory).Select(path => Path.GetFileName(path)) : [];
}
