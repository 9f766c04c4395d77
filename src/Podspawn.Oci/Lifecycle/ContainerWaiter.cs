using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Waits for a container's end, and gets its exit status even where the container is removed with it.</summary>
public sealed class ContainerWaiter : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private readonly ContainerRegistry registry;
    private readonly Container container;
    private readonly FileLock? waiting;

    /// <summary>From now on the container is not removed with its end before this is disposed of.</summary>
    /// <exception cref="ContainerException">There is no such container any more, or nobody remembers its exit status.</exception>
    public ContainerWaiter(ContainerRegistry registry, Container container)
    {
        if (container.Definition.Foreground)
            throw LifecycleErrors.Of($"container '{container.Name}' runs in the foreground, and its exit status goes to the command that launched it");
        this.registry = registry;
        this.container = container;
        waiting = FileLock.ShareExisting(container.Paths.Waiters) ?? throw LifecycleErrors.NoSuch(container.Name);
    }

    /// <summary>Waits for the end, of a container that was not started yet too.</summary>
    /// <returns>The exit status, 128 + n for signal n.</returns>
    /// <exception cref="ContainerException">The container was removed without an end of its own.</exception>
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

    // Whoever has it settles it. It is not removed by us, who would then wait for ourselves.
    private void SettleEnd()
    {
        using LockedContainer? held = LockedContainer.TryTake(registry.Store, container.Paths);
        if (held is null)
            Thread.Sleep(Poll);
        else
            Reconciler.SettleEnd(held);
    }
}
