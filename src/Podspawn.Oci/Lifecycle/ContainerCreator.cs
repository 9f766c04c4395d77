using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Launching;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.State.Store;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Creates detached containers: from the user's options to a directory that can be started.</summary>
public sealed class ContainerCreator(ContainerRegistry registry)
{
    /// <summary>Creates a container.</summary>
    /// <param name="options">The user's options.</param>
    /// <param name="onNote">Receives the notes, before anything is created.</param>
    /// <exception cref="ContainerException">The container cannot be created; nothing of it is left. The exceptions of
    /// <see cref="LaunchPlanner.Plan"/> are thrown as well.</exception>
    public Container Create(LaunchOptions options, Action<IReadOnlyList<Note>> onNote)
    {
        using LockedContainer held = CreateHeld(options, onNote);
        return held.Now;
    }

    /// <summary>Creates a container, and returns it locked.</summary>
    internal LockedContainer CreateHeld(LaunchOptions options, Action<IReadOnlyList<Note>> onNote)
    {
        ContainerStore store = registry.Store;
        if (options.Name is not null)
            ContainerId.Check(options.Name);
        NameReplacement.Check(options);
        LaunchOptions kept = options with { Id = ContainerId.NewKept() };
        using LaunchSource source = LaunchSource.Open(kept);
        kept = kept with { Lifecycle = WithStopSignal(kept.Lifecycle, source.Image) };
        LogPlace.Require(kept.Lifecycle.Log);
        store.Establish();
        LaunchPlan plan = LaunchPlanner.Plan(kept, source, store.Layout);
        ContainerPaths paths = store.Layout.Of(plan.Request.ContainerId);
        TranslationResult translation = plan.Translate(options.RootfsWritable ? NetworkFiles.BindMounts(source.Root, paths.Directory) : []);
        onNote([.. translation.Notes, .. NotesOn(kept.Lifecycle, plan.Driver.Traits), .. HealthNotes.OfKept(plan.Health, kept.Health)]);
        NameReplacement.Make(registry, options);

        (ContainerLease made, string name) = store.CreateDetached(paths.Id, taken => options.Name ?? NameGenerator.Next(taken));
        using var volumes = new LaunchVolumes(store, plan);
        using ContainerLease lease = made;
        volumes.Prepare(source.Root);
        store.MakeLayer(paths);
        Faults.Point("create.scratch");
        File.WriteAllBytes(paths.Config, SpecJson.Serialize(translation.Spec).Span);
        File.WriteAllBytes(paths.Waiters, []);
        Faults.Point("create.config");
        ContainerDefinition definition = Definitions.Of(plan, source, kept, name, foreground: false);
        RecordJson.Write(paths.Definition, definition);
        ImageUse.Declare(store.Layout, definition);
        Faults.Point("create.defined");
        // With this record the container exists: until now, any process that took its lock would have removed it.
        var state = new ContainerState { Status = ContainerStatus.Created };
        RecordJson.Write(paths.State, state);
        Faults.Point("create.written");
        volumes.Keep(untilItsEnd: definition.Lifecycle.Remove);
        Faults.Point("create.kept");
        LockedContainer held = LockedContainer.New(store, lease, definition, state);
        EventLog.Report(store, definition, "create");
        Tell(options.IdFile, held);
        return held;
    }

    private static void Tell(IdFile? file, LockedContainer held)
    {
        try
        {
            file?.Write(held.Definition.Id);
        }
        catch
        {
            using (held)
                ContainerRemover.Remove(held);
            throw;
        }
    }

    private static IEnumerable<Note> NotesOn(LifecycleOptions keep, RuntimeTraits runtime)
    {
        if (keep.StopSignal is { } signal && ContainerStopper.Sendable(runtime, signal) is var sent && sent != signal)
            yield return new Note(
                "stop_signal", NoteSeverity.Differently, $"{runtime.Name} sends no real-time signals: a stop sends {Signals.Name(sent)} in place of {Signals.Name(signal)}");
    }

    private static LifecycleOptions WithStopSignal(LifecycleOptions keep, ImageProcess? image) =>
        keep.StopSignal is null && image?.StopSignal is { } signal ? keep with { StopSignal = Signals.Parse(signal, "the image's StopSignal") } : keep;
}
