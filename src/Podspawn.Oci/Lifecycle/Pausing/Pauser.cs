using Podspawn.Oci.Errors;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle.Pausing;

/// <summary>Pauses and unpauses containers.</summary>
public sealed class Pauser(ContainerRegistry registry)
{
    /// <summary>Freezes every process of a container.</summary>
    /// <exception cref="ContainerException">The container is gone, not running, or already paused, or its runtime failed.</exception>
    public void Pause(Container container) => Change(container, freeze: true);

    /// <summary>
    /// Freezes every process of a container while this process works. Where this process is killed, the next command that looks at the container lets it go on.
    /// </summary>
    /// <exception cref="ContainerException">As with <see cref="Pause"/>.</exception>
    internal void PauseForNow(Container container) => Change(container, freeze: true, ProcessIdentity.Of(Environment.ProcessId));

    /// <summary>Thaws what <see cref="PauseForNow"/> has frozen; a container that has ended, or that a user has let go on, needs nothing.</summary>
    internal void EndPause(Container container)
    {
        if (registry.Read(container.Id) is { State.Status: ContainerStatus.Paused } paused)
            Unpause(paused);
    }

    /// <summary>Thaws a frozen container.</summary>
    /// <exception cref="ContainerException">The container is gone or not paused, or its runtime failed.</exception>
    public void Unpause(Container container) => Change(container, freeze: false);

    private void Change(Container container, bool freeze, ProcessIdentity? pauser = null)
    {
        if (container.Definition.Foreground)
        {
            ChangeForeground(container, freeze, pauser);
            return;
        }
        using LockedContainer held = registry.RequireSettled(container);
        if (freeze && !held.Now.HasProcess && StopWish.Record(held))
            throw EndedFirst(held.Definition.Name);
        Check(held.Now, freeze);
        // Until it goes on it is known who has to let it go on.
        held.Write(held.State with { Freezing = true, Pauser = freeze ? pauser : held.State.Pauser });
        Faults.Point("pause.announced");
        // Where the runtime fails, the next process that locks the container asks the runtime how far it got.
        Call(held.Now, freeze);
        Faults.Point("pause.done");
        if (freeze && held.State.Process?.IsAlive() != true)
            throw EndedFirst(held.Definition.Name);
        held.Write(held.State with { Freezing = false, Pauser = freeze ? pauser : null, Status = freeze ? ContainerStatus.Paused : ContainerStatus.Running });
        Report(held.Definition, freeze);
    }

    // What is recorded by then keeps the policy from starting it again.
    private static ContainerException EndedFirst(string name) => LifecycleErrors.Of(
        $"container '{name}' has ended before it was paused, and no policy starts it again; start it when it is to go on: {Operation.Start} {name}");

    // The launcher has the lock. A process that is killed here leaves the mark behind, so the runtime is asked.
    private void ChangeForeground(Container container, bool freeze, ProcessIdentity? pauser)
    {
        Check(container, freeze);
        if (freeze)
            ForegroundContainer.MarkPause(container.Paths, pauser);
        Call(container, freeze);
        if (!freeze)
            File.Delete(container.Paths.Freezing);
        Report(container.Definition, freeze);
    }

    private void Report(ContainerDefinition container, bool freeze) => EventLog.Report(registry.Store, container, freeze ? "pause" : "unpause");

    private static void Check(Container container, bool freeze)
    {
        container.RequireProcess();
        bool frozen = container.State.Status == ContainerStatus.Paused;
        if (freeze && frozen)
            throw LifecycleErrors.Of($"container '{container.Name}' is already paused; let it go on: {Operation.Unpause} {container.Name}");
        if (!freeze && !frozen)
            throw LifecycleErrors.Of($"container '{container.Name}' is not paused");
        if (!container.Driver.Traits.CanPause)
            throw LifecycleErrors.Of($"container '{container.Name}': {container.Driver.Traits.Name} {container.Driver.Traits.Version} cannot pause containers; run it under " +
                $"another runtime, or stop it");
    }

    private static void Call(Container container, bool freeze)
    {
        if (freeze)
            RuntimeCalls.Do(container, "pause", container.Driver.Pause(container.Call));
        else
            RuntimeCalls.Do(container, "unpause", container.Driver.Resume(container.Call));
    }
}
