using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.State.Store;

namespace Podspawn.Oci.Lifecycle;

/// <summary>
/// A kept container whose lock is ours: only its holder changes its state. Whoever waits for a container's lock holds no other container's,
/// nor the store's; so nobody waits for ever.
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

    /// <summary>Takes the lock, waiting for it; null where there is no such container once we have it.</summary>
    internal static LockedContainer? Take(ContainerStore store, ContainerPaths paths) => Of(store, paths, FileLock.TakeExisting(paths.Lock));

    /// <summary>Takes the lock if it is free; null where it is not, or where there is no such container.</summary>
    internal static LockedContainer? TryTake(ContainerStore store, ContainerPaths paths) => Of(store, paths, FileLock.TryTake(paths.Lock));

    /// <summary>A container that was made a moment ago, with the lock that its maker has.</summary>
    internal static LockedContainer New(ContainerStore store, ContainerLease lease, ContainerDefinition definition, ContainerState state) =>
        new(store, lease.Paths, lease.Detach(), definition, state);

    /// <summary>Writes a new state down.</summary>
    internal void Write(ContainerState state)
    {
        RecordJson.Write(Paths.State, state);
        State = state;
    }

    /// <summary>Writes a new definition down.</summary>
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
