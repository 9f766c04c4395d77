using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Waits for a container's end, and gets its exit status even where the end removes the container.</summary>
public sealed class ContainerWaiter : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private readonly ContainerRegistry registry;
    private readonly Container container;
    private readonly FileLock? waiting;

    /// <summary>Registers the wait: the end does not remove the container until this is disposed of.</summary>
    /// <exception cref="ContainerException">The container is gone, or its exit status is no longer recorded.</exception>
    public ContainerWaiter(ContainerRegistry registry, Container container)
    {
        if (container.Definition.Foreground)
            throw LifecycleErrors.Of($"container '{container.Name}' runs in the foreground, and its exit status goes to the command that launched it");
        this.registry = registry;
        this.container = container;
        waiting = FileLock.ShareExisting(container.Paths.Waiters) ?? throw LifecycleErrors.NoSuch(container.Name);
    }

    /// <summary>Waits for the end, also of a container that was not started yet.</summary>
    /// <returns>The exit status, 128 + n for signal n.</returns>
    /// <exception cref="ContainerException">The container was removed before it ended.</exception>
    public int Await()
    {
        while (RecordJson.ReadState(container.Paths.State) is { } state)
        {
            if (state is { Status: ContainerStatus.Exited or ContainerStatus.Removing, ExitStatus: { } status })
                return status;
            if (state is { Status: ContainerStatus.Running or ContainerStatus.Paused, Process: { } process })
            {
                ProcessTermination.Await(process, Timeout.InfiniteTimeSpan);
                SettleEnd();
            }
            else
            {
                Thread.Sleep(Poll);
            }
        }
        throw LifecycleErrors.Of($"container '{container.Name}' was removed, and has no exit status");
    }

    /// <inheritdoc/>
    public void Dispose() => waiting?.Dispose();

    // The holder of the lock records the end. We do not remove the container: the removal would wait for us.
    private void SettleEnd()
    {
        using LockedContainer? held = LockedContainer.TryTake(registry.Store, container.Paths);
        if (held is null)
            Thread.Sleep(Poll);
        else
            Reconciler.SettleEnd(held);
    }
}
