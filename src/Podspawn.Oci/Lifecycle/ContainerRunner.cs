using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Runs, starts, restarts and renames detached containers.</summary>
/// <param name="registry">The containers.</param>
/// <param name="exit">The command that their monitors call when they have ended.</param>
/// <param name="signals">The source of a signal that ends a start; null for none.</param>
public sealed class ContainerRunner(ContainerRegistry registry, ExitCommand exit, ISignalSource? signals)
{
    /// <summary>Creates a container and starts it.</summary>
    /// <param name="options">The user's options.</param>
    /// <param name="onNote">Receives the notes.</param>
    /// <returns>The container, whose command runs or has already ended.</returns>
    /// <exception cref="Runtimes.RuntimeException">The container cannot be started; nothing of it is left. The exceptions of
    /// <see cref="ContainerCreator.Create"/> are thrown as well.</exception>
    public Container Run(LaunchOptions options, Action<IReadOnlyList<Note>> onNote)
    {
        if (options.Requires.Count > 0)
            return RunAfterOthers(options, onNote);
        using LockedContainer held = new ContainerCreator(registry).CreateHeld(options, onNote);
        try
        {
            ContainerStarter.Start(held, exit, signals, onNote);
        }
        catch
        {
            ContainerRemover.LetVolumesGo(held);
            ContainerRemover.Remove(held);
            options.IdFile?.Withdraw();
            throw;
        }
        return held.Now;
    }

    /// <summary>Starts a container, and those that it needs before it; one that already runs is left alone.</summary>
    /// <param name="container">The container.</param>
    /// <param name="onNote">Receives the notes.</param>
    /// <param name="created">Called when its process exists and has not begun the command yet: a caller that attaches then misses nothing.</param>
    /// <exception cref="Runtimes.RuntimeException">The container cannot be started; its state is as before.</exception>
    /// <exception cref="ContainerException">The container is gone, or runs in the foreground.</exception>
    public void Start(Container container, Action<IReadOnlyList<Note>> onNote, Action<Container>? created = null)
    {
        StartRequired(container.Id, container.Definition.Requires, onNote);
        StartAlone(container, onNote, created);
    }

    /// <summary>Starts the containers that one needs.</summary>
    internal void StartRequired(string id, IReadOnlyList<OtherContainer> required, Action<IReadOnlyList<Note>> onNote) =>
        new Prerequisites(registry, other => StartAlone(other, onNote, created: null)).StartAll(id, required);

    // While the others are started no container's lock is held: so it is made first, and started as any other.
    private Container RunAfterOthers(LaunchOptions options, Action<IReadOnlyList<Note>> onNote)
    {
        Container made = new ContainerCreator(registry).Create(options, onNote);
        try
        {
            Start(made, onNote);
        }
        catch (PodspawnException)
        {
            Discard(made, options);
            throw;
        }
        return registry.TryFindById(made.Id) ?? made;
    }

    /// <summary>Removes a container that was made for a launch and never ran, with the volumes that have no name, and takes its id back.</summary>
    internal void Discard(Container made, LaunchOptions options)
    {
        new ContainerStopper(registry).Remove(made, force: true, volumes: true);
        options.IdFile?.Withdraw();
    }

    private void StartAlone(Container container, Action<IReadOnlyList<Note>> onNote, Action<Container>? created)
    {
        using LockedContainer held = registry.RequireSettled(container);
        ContainerStarter.Start(held, exit, signals, onNote, created is null ? null : () => created(held.Now));
    }

    /// <summary>Stops a container and starts it again.</summary>
    /// <inheritdoc cref="Start" path="/exception"/>
    public void Restart(Container container, int? seconds, Action<IReadOnlyList<Note>> onNote)
    {
        // Checked before the stop: a container with --rm would be removed by its end.
        if (container.Definition.Foreground || container.Definition.Lifecycle.Remove)
            throw LifecycleErrors.Of($"container '{container.Name}' goes with its end, and cannot be started again; launch it anew");
        new ContainerStopper(registry).Stop(container, seconds);
        Start(container, onNote);
        EventLog.Report(registry.Store, container.Definition, "restart");
    }

    /// <summary>Gives a container another name.</summary>
    /// <exception cref="ContainerException">The name is taken, or the container is gone or in the foreground.</exception>
    public void Rename(Container container, string name)
    {
        using LockedContainer held = registry.RequireSettled(container);
        string before = held.Definition.Name;
        if (before == name)
            throw LifecycleErrors.Of($"container '{name}' has that name already; choose another");
        registry.Store.Claim(held.Paths, name);
        held.Write(held.Definition with { Name = name });
        Faults.Point("rename.written");
        registry.Store.Release(held.Paths, before);
        EventLog.Report(registry.Store, held.Definition, "rename", ("oldName", before));
    }
}
