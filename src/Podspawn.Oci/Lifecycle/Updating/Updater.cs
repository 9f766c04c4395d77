using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Host.Probing;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle.Updating;

/// <summary>Changes the limits and the restart policy of containers, running ones included.</summary>
public sealed class Updater(ContainerRegistry registry)
{
    private readonly HostFacts host = HostProbe.Read();

    /// <summary>Changes a container.</summary>
    /// <returns>Notes on the new limits for the user.</returns>
    /// <exception cref="ContainerException">The container is gone, or cannot be changed so.</exception>
    /// <exception cref="ConfigException">A value is invalid.</exception>
    /// <exception cref="TranslationException">A value cannot be enforced here.</exception>
    public IReadOnlyList<Note> Update(Container container, UpdateRequest wish)
    {
        if (!wish.ChangesLimits && wish.Restart is null)
            throw new ContainerException($"nothing to change; give a limit, such as {Setting.PidsLimit}, {Setting.Memory} or {Setting.Cpus}, or {Setting.Restart}");
        RestartPolicy? restart = wish.Restart is { } text ? RestartPolicyText.Parse(text) : null;
        using LockedContainer held = registry.RequireSettled(container);
        if (restart is { Condition: not RestartCondition.No } && held.Definition.Lifecycle.Remove)
            throw LifecycleErrors.Of($"container '{held.Definition.Name}' is removed at its end ({Setting.Rm}), so that nothing can start it again; leave {Setting.Restart} away");
        IReadOnlyList<Note> notes = wish.ChangesLimits ? ChangeLimits(held, wish) : [];
        if (restart is not null)
            held.Write(held.Definition with { Lifecycle = held.Definition.Lifecycle with { Restart = restart } });
        Faults.Point("update.policy");
        EventLog.Report(registry.Store, held.Definition, "update");
        return notes;
    }

    private IReadOnlyList<Note> ChangeLimits(LockedContainer held, UpdateRequest wish)
    {
        Container container = held.Now;
        RuntimeSpec spec = SpecJson.Deserialize(File.ReadAllBytes(held.Paths.Config));
        ResourceUpdate update = ResourceUpdate.Of(spec, container.Id, wish, host, container.Driver.Traits);
        if (container.HasProcess && wish.PidsLimit is not null && container.Driver.Traits is { CanUpdate: true, CanUpdatePids: false } traits)
        {
            throw LifecycleErrors.Of(
                $"container '{container.Name}': {traits.Name} counts the processes by itself (RLIMIT_NPROC), which no update reaches while they run; stop it first: " +
                    $"{Operation.Stop} {container.Name}, or leave {Setting.PidsLimit} away");
        }
        if (container.HasProcess)
            Apply(container, update);
        Faults.Point("update.applied");
        // Written last: where the runtime refuses, the container is still compared with what it was launched with.
        PendingFile.Write(held.Paths.Config, SpecJson.Serialize(update.Spec).Span);
        Faults.Point("update.written");
        held.Write(held.Definition with { Resources = CurrentLimits.RecordOf(held.Definition.Resources, wish) });
        return update.Notes;
    }

    private static void Apply(Container container, ResourceUpdate update)
    {
        RuntimeTraits traits = container.Driver.Traits;
        if (!traits.CanUpdate)
        {
            throw LifecycleErrors.Of(
                $"container '{container.Name}': {traits.Name} {traits.Version} cannot change the limits of a running container; stop it first: {Operation.Stop} {container.Name}");
        }
        string file = $"{container.Paths.Directory}/update.json";
        try
        {
            PendingFile.Write(file, SpecJson.Serialize(update.Change).Span);
            RuntimeCalls.Do(container, "update", container.Driver.Update(container.Call, file));
        }
        catch (ContainerException)
        {
            // The runtime sets one limit after the other, and may have stopped between two.
            PendingFile.Write(file, SpecJson.Serialize(update.Undo).Span);
            _ = RuntimeInvoker.Call(container.Driver, container.Driver.Update(container.Call, file));
            throw;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
