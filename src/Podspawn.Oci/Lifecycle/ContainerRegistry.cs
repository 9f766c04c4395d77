using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.State.Store;

namespace Podspawn.Oci.Lifecycle;

/// <summary>The containers of this host: those that are kept, and those in the foreground of some launcher.</summary>
public sealed class ContainerRegistry(ContainerStore store)
{
    /// <summary>Where things lie.</summary>
    internal ContainerStore Store { get; } = store;

    /// <summary>Every container, the newest first. What they were last written to be is held against their processes.</summary>
    public IReadOnlyList<Container> All() =>
    [
        .. Ids().Select(Read).OfType<Container>().OrderByDescending(container => container.Definition.Created).ThenBy(container => container.Id, StringComparer.Ordinal),
    ];

    /// <summary>The container with that name, id, or unambiguous beginning of an id.</summary>
    /// <exception cref="ContainerException">There is none, or the beginning fits several.</exception>
    public Container Find(string text) => TryFind(text) ?? throw LifecycleErrors.NoSuch(text);

    /// <summary>As <see cref="Find"/>; null where there is none.</summary>
    /// <exception cref="ContainerException">The beginning of an id fits several.</exception>
    public Container? TryFind(string text)
    {
        if (!ContainerId.IsValid(text))
            return null;
        if (SmallFile.Read($"{Store.Layout.Names}/{text}") is { } id && ContainerId.IsValid(id) && Read(id) is { } named && named.Name == text)
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

    /// <summary>The container as it is now; null where it is gone.</summary>
    internal Container? Read(string id)
    {
        ContainerPaths paths = Store.Layout.Of(id);
        if (RecordJson.ReadDefinition(paths.Definition) is not { } definition)
            return null;
        if (definition.Foreground)
            return ForegroundContainer.Read(Store, paths, definition);
        if (RecordJson.ReadState(paths.State) is not { } state)
            return null;
        var container = new Container(paths, definition, state);
        return Reconciler.MayBeStale(state) ? Reconciled(container) : container;
    }

    /// <summary>Holds a container for a change of its state, waiting for whoever has it; null where it is gone by then.</summary>
    /// <exception cref="ContainerException">Its launcher has it in the foreground.</exception>
    internal LockedContainer? Hold(Container container)
    {
        if (container.Definition.Foreground)
            throw LifecycleErrors.Of($"container '{container.Name}' runs in the foreground of the command that launched it, and is discarded with its end; stop or kill it, or launch one with {Setting.Detach}");
        return LockedContainer.Take(Store, container.Paths);
    }

    /// <summary>As <see cref="Hold"/>.</summary>
    /// <exception cref="ContainerException">It is gone, or in the foreground.</exception>
    internal LockedContainer Require(Container container) => Hold(container) ?? throw LifecycleErrors.NoSuch(container.Name);

    /// <summary>As <see cref="Require"/>, in line with what its processes and its runtime say.</summary>
    /// <exception cref="ContainerException">It is gone, by that too, or in the foreground.</exception>
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

    // Whoever changes it at this moment knows better: it is then told as it was.
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
