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

    /// <summary>Thaws a frozen container.</summary>
    /// <exception cref="ContainerException">The container is gone or not paused, or its runtime failed.</exception>
    public void Unpause(Container container) => Change(container, freeze: false);

    private void Change(Container container, bool freeze)
    {
        if (container.Definition.Foreground)
        {
            ChangeForeground(container, freeze);
            return;
        }
        using LockedContainer held = registry.RequireSettled(container);
        Check(held.Now, freeze);
        held.Write(held.State with { Freezing = true });
        Faults.Point("pause.announced");
        // Where the runtime fails, the next process that locks the container asks the runtime how far it got.
        Call(held.Now, freeze);
        Faults.Point("pause.done");
        held.Write(held.State with { Freezing = false, Status = freeze ? ContainerStatus.Paused : ContainerStatus.Running });
        Report(held.Definition, freeze);
    }

    // The launcher has the lock. A process that is killed here leaves the mark behind, so the runtime is asked.
    private void ChangeForeground(Container container, bool freeze)
    {
        Check(container, freeze);
        if (freeze)
            File.WriteAllBytes(container.Paths.Freezing, []);
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
