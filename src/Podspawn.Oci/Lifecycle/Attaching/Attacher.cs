using Podspawn.Oci.Containers;
using Podspawn.Oci.Containers.Records;

namespace Podspawn.Oci.Lifecycle.Attaching;

/// <summary>Attaches to running containers.</summary>
public sealed class Attacher(ContainerRegistry registry)
{
    /// <summary>Attaches, until the container ends or the user leaves.</summary>
    /// <param name="name">The container's name or id.</param>
    /// <param name="options">How.</param>
    /// <returns>Why it ended, and the exit status: the container's where that has ended.</returns>
    /// <exception cref="ContainerException">There is no such container, it does not run, or it cannot be attached to.</exception>
    public AttachEnding Attach(string name, AttachOptions options)
    {
        Container container = registry.Find(name);
        if (container.Definition.Foreground)
            throw LifeFailure.Of($"container '{container.Name}' runs in the foreground of the command that launched it, which has its streams; launch one with --detach to attach to it");
        if (container.State.Status == ContainerStatus.Paused)
            throw LifeFailure.Of($"container '{container.Name}' is paused; let it go on first: podspawn-oci unpause {container.Name}");
        _ = container.RequireProcess();
        using var waiter = new ContainerWaiter(registry, container);
        using AttachSession session = AttachSession.Connect(container, options);
        session.Redraw();
        AttachEnding ending = session.Run();
        return ending.Why == AttachEnd.ContainerEnded ? ending with { Status = waiter.Await() } : ending;
    }
}
