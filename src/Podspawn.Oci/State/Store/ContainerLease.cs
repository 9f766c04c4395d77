using Podspawn.Oci.Native;

namespace Podspawn.Oci.State.Store;

/// <summary>A container's directory, locked by this process.</summary>
public sealed class ContainerLease : IDisposable
{
    private readonly ContainerStore store;
    private readonly string? name;
    private FileLock? held;

    internal ContainerLease(ContainerStore store, ContainerPaths paths, FileLock held, string? name)
    {
        this.store = store;
        this.name = name;
        Paths = paths;
        this.held = held;
    }

    /// <summary>Its paths.</summary>
    public ContainerPaths Paths { get; }

    /// <summary>Passes the lock on, for a container that stays: disposing of this then removes nothing.</summary>
    internal FileLock Detach()
    {
        FileLock kept = held ?? throw new ObjectDisposedException(nameof(ContainerLease));
        held = null;
        return kept;
    }

    /// <summary>Removes the container's directories and its name, and releases the lock. Everything that the runtime holds must be gone before.</summary>
    public void Dispose()
    {
        if (held is null)
            return;
        store.Discard(Paths, name);
        held.Dispose();
    }
}
