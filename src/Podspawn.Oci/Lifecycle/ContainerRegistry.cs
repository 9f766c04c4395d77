using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.State.Store;

namespace Podspawn.Oci.Lifecycle;

/// <summary>The containers of this host: detached ones, and those in the foreground of a launcher.</summary>
public sealed class ContainerRegistry(ContainerStore store)
{
    /// <summary>The store that holds the containers' directories.</summary>
    internal ContainerStore Store { get; } = store;

    /// <summary>Every container, the newest first. The recorded states are checked against the processes.</summary>
    public IReadOnlyList<Container> All() =>
    [
        .. Ids().Select(Read).OfType<Container>().OrderByDescending(container => container.Definition.Created).ThenBy(container => container.Id, StringComparer.Ordinal),
    ];

    /// <summary>Finds the container by its name, its id, or an unambiguous prefix of the id.</summary>
    /// <exception cref="ContainerException">There is no such container, or the prefix matches several.</exception>
    public Container Find(string text) => TryFind(text) ?? throw LifecycleErrors.NoSuch(text);

    /// <summary>Like <see cref="Find"/>, but null where there is none.</summary>
    /// <exception cref="ContainerException">The prefix matches several ids.</exception>
    public Container? TryFind(string text)
    {
        if (!ContainerId.IsValid(text))
            return null;
        if (TryFindByName(text) is { } named)
            return named;
        if (Read(text) is { } exact && (exact.Definition.Foreground || exact.Id == text))
            return exact;
        string[] fitting = [.. Ids().Where(candidate => candidate.Length == ContainerId.KeptLength && candidate.StartsWith(text, StringComparison.Ordinal))];
        return fitting switch
        {
            [] => null,
            [string one] => Read(one),
            _ => throw LifecycleErrors.Of($"container '{text}': {fitting.Length} ids begin with that; give more digits"),
        };
    }

    /// <summary>The container that has the name; null where there is none.</summary>
    internal Container? TryFindByName(string name) =>
        ContainerId.IsValid(name) && (Read(SmallFile.Read($"{Store.Layout.Names}/{name}") is { } id && ContainerId.IsValid(id) ? id : name)) is { } found && found.Name == name
            ? found
            : null;

    /// <summary>The container with that id, which is given whole; null where there is none.</summary>
    public Container? TryFindById(string id) => ContainerId.IsValid(id) && Read(id) is { } found && found.Id == id ? found : null;

    /// <summary>Reads the container as it is now; null where it is gone.</summary>
    internal Container? Read(string id)
    {
        ContainerPaths paths = Store.Layout.Of(id);
        if (RecordJson.ReadDefinition(paths.Definition) is not { } definition)
            return null;
        if (definition.Foreground)
            return ForegroundContainer.Read(Store, paths, definition);
        return ReadKept(paths, definition) is not { } container ? null : Reconciler.MayBeStale(container.State) ? Reconciled(container) : container;
    }

    // A monitor that is gone after its container was read as ended may have started it again in between: what was read since its death counts.
    private static Container? ReadKept(ContainerPaths paths, ContainerDefinition definition)
    {
        for (ContainerState? last = null; ;)
        {
            if (RecordJson.ReadState(paths.State) is not { } state)
                return null;
            var container = new Container(paths, definition, state);
            if (container.RestartIsDue || !RestartRule.Applies(definition, state) || (last?.Status == state.Status && last.Monitor == state.Monitor))
                return container;
            last = state;
        }
    }

    /// <summary>Locks a container for a change of its state, waiting for the current holder of the lock; null where the container is gone by then.</summary>
    /// <exception cref="ContainerException">The container runs in the foreground of its launcher.</exception>
    internal LockedContainer? Hold(Container container)
    {
        if (container.Definition.Foreground)
            throw LifecycleErrors.Of($"container '{container.Name}' runs in the foreground of the command that launched it, and is discarded with its end; stop or kill it, or " +
                $"launch one with {Setting.Detach}");
        return LockedContainer.Take(Store, container.Paths);
    }

    /// <summary>Like <see cref="Hold"/>, but a missing container is an error.</summary>
    /// <exception cref="ContainerException">The container is gone, or runs in the foreground.</exception>
    internal LockedContainer Require(Container container) => Hold(container) ?? throw LifecycleErrors.NoSuch(container.Name);

    /// <summary>Like <see cref="Require"/>, with the state brought in line with its processes and its runtime.</summary>
    /// <exception cref="ContainerException">The container is gone, is removed by that, or runs in the foreground.</exception>
    internal LockedContainer RequireSettled(Container container)
    {
        LockedContainer held = Require(container);
        if (Reconciler.Settle(held))
            return held;
        held.Dispose();
        throw LifecycleErrors.NoSuch(container.Name);
    }

    internal IEnumerable<string> Ids() => Directory.Exists(Store.Layout.Containers)
        ? Directory.EnumerateDirectories(Store.Layout.Containers).Select(path => Path.GetFileName(path)).Where(ContainerId.IsValid)
        : [];

    // A process that holds the lock at this moment knows better: the container is then reported as recorded.
    private Container? Reconciled(Container container)
    {
        if (!Directory.Exists(container.Paths.Directory))
            return null;
        using LockedContainer? held = LockedContainer.TryTake(Store, container.Paths);
        if (held is null)
            return container;
        return Reconciler.Settle(held) ? held.Now : null;
    }
}
