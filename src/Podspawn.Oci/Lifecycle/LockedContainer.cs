using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.State.Store;

namespace Podspawn.Oci.Lifecycle;

/// <summary>
/// A detached container whose lock we hold: only the holder changes the container's state. A process that waits for a container's lock holds no other
/// container's lock, nor the store's; so there is no deadlock.
/// </summary>
internal sealed class LockedContainer : IDisposable
{
    private readonly FileLock held;

    private LockedContainer(ContainerStore store, ContainerPaths paths, FileLock held, ContainerDefinition definition, ContainerState state)
    {
        Store = store;
        Paths = paths;
        this.held = held;
        Definition = definition;
        State = state;
    }

    internal ContainerStore Store { get; }

    internal ContainerPaths Paths { get; }

    internal ContainerDefinition Definition { get; private set; }

    internal ContainerState State { get; private set; }

    internal Container Now => new(Paths, Definition, State);

    /// <summary>Takes the lock, waiting for it; null where the container is gone once we have the lock.</summary>
    internal static LockedContainer? Take(ContainerStore store, ContainerPaths paths) => Of(store, paths, FileLock.TakeExisting(paths.Lock));

    /// <summary>Takes the lock if it is free; null where it is taken, or where there is no such container.</summary>
    internal static LockedContainer? TryTake(ContainerStore store, ContainerPaths paths) => Of(store, paths, FileLock.TryTake(paths.Lock));

    /// <summary>Wraps a container that was just created, with the lock of its creator.</summary>
    internal static LockedContainer New(ContainerStore store, ContainerLease lease, ContainerDefinition definition, ContainerState state) =>
        new(store, lease.Paths, lease.Detach(), definition, state);

    /// <summary>Records a new state.</summary>
    internal void Write(ContainerState state)
    {
        RecordJson.Write(Paths.State, state);
        State = state;
    }

    /// <summary>Records a new definition.</summary>
    internal void Write(ContainerDefinition definition)
    {
        RecordJson.Write(Paths.Definition, definition);
        Definition = definition;
    }

    public void Dispose() => held.Dispose();

    private static LockedContainer? Of(ContainerStore store, ContainerPaths paths, FileLock? taken)
    {
        if (taken is null)
            return null;
        if (RecordJson.ReadDefinition(paths.Definition) is { } definition && RecordJson.ReadState(paths.State) is { } state)
            return new LockedContainer(store, paths, taken, definition, state);
        taken.Dispose();
        return null;
    }
}
