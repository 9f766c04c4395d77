using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle.Attaching;

/// <summary>Attaches to running containers.</summary>
/// <param name="registry">The containers.</param>
/// <param name="signals">The source of the signals that are forwarded to a container's process, or end the attachment; null for none.</param>
public sealed class Attacher(ContainerRegistry registry, ISignalSource? signals)
{
    /// <summary>Attaches until the container ends or the user detaches.</summary>
    /// <param name="name">The container's name or id.</param>
    /// <param name="options">How to attach.</param>
    /// <returns>Why the attachment ended, and the exit status: the container's where the container has ended.</returns>
    /// <exception cref="ContainerException">There is no such container, it does not run, or attaching fails.</exception>
    public AttachEnding Attach(string name, AttachOptions options)
    {
        Container container = registry.Find(name);
        if (container.Definition.Foreground)
            throw LifecycleErrors.Of($"container '{container.Name}' runs in the foreground of the command that launched it, which has its streams; launch one with " +
                $"{Setting.Detach} to attach to it");
        _ = container.RequireGoing();
        using var waiter = new ContainerWaiter(registry, container);
        using AttachSession session = AttachSession.Connect(container, options, signals);
        EventLog.Report(registry.Store, container.Definition, "attach");
        session.Redraw();
        return Run(session, waiter);
    }

    /// <summary>Starts a container and attaches before its command begins; a container that already runs is only attached to.</summary>
    /// <param name="name">The container's name or id.</param>
    /// <param name="options">How to attach.</param>
    /// <param name="runner">Starts the container.</param>
    /// <param name="onNote">Receives the notes of the start.</param>
    /// <returns>The same as <see cref="Attach"/>.</returns>
    /// <exception cref="Runtimes.RuntimeException">The container cannot be started; its state is as before.</exception>
    /// <inheritdoc cref="Attach" path="/exception"/>
    public AttachEnding Start(string name, AttachOptions options, ContainerRunner runner, Action<IReadOnlyList<Note>> onNote)
    {
        Container container = registry.Find(name);
        if (container.Definition.Foreground || container.HasProcess)
            return Attach(name, options);
        AttachSession.Check(container, options);
        using var waiter = new ContainerWaiter(registry, container);
        AttachSession? session = null;
        try
        {
            runner.Start(container, onNote, created => session = AttachSession.Connect(created, options, signals));
            // Another process may have started the container in between.
            session ??= AttachSession.Connect(container, options, signals);
            return Run(session, waiter);
        }
        finally
        {
            session?.Dispose();
        }
    }

    private static AttachEnding Run(AttachSession session, ContainerWaiter waiter)
    {
        AttachEnding ending = session.Run();
        return ending.Why == DetachReason.ContainerEnded ? ending with { Status = waiter.Await() } : ending;
    }
}
