using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Lifecycle.Events;
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

/// <summary>Makes containers that are kept: from what the user typed to a directory that can be started.</summary>
public sealed class ContainerCreator(ContainerRegistry registry)
{
    /// <summary>Makes one.</summary>
    /// <param name="options">What the user typed.</param>
    /// <param name="onNote">Takes the notes, before anything is made.</param>
    /// <exception cref="ContainerException">It cannot be made; nothing of it is left. As do the exceptions of <see cref="LaunchPlanner.Plan"/>.</exception>
    public Container Create(LaunchOptions options, Action<IReadOnlyList<Note>> onNote)
    {
        using LockedContainer held = CreateHeld(options, onNote);
        return held.Now;
    }

    /// <summary>Makes one, and holds it.</summary>
    internal LockedContainer CreateHeld(LaunchOptions options, Action<IReadOnlyList<Note>> onNote)
    {
        ContainerStore store = registry.Store;
        if (options.Name is not null)
            ContainerId.Check(options.Name);
        LaunchOptions kept = options with { Id = ContainerId.NewKept() };
        using LaunchSource source = LaunchSource.Open(kept);
        kept = kept with { Lifecycle = WithStopSignal(kept.Lifecycle, source.Image) };
        store.Establish();
        LaunchPlan plan = LaunchPlanner.Plan(kept, source, store.Layout);
        ContainerPaths paths = store.Layout.Of(plan.Request.ContainerId);
        TranslationResult translation = plan.Translate(options.RootfsWritable ? NetworkFiles.BindMounts(source.Root, paths.Directory) : []);
        onNote(translation.Notes);

        (ContainerLease made, string name) = store.CreateDetached(paths.Id, taken => options.Name ?? NameGenerator.Next(taken));
        using ContainerLease lease = made;
        store.MakeLayer(paths);
        Faults.Point("create.scratch");
        File.WriteAllBytes(paths.Config, SpecJson.Serialize(translation.Spec).Span);
        File.WriteAllBytes(paths.Waiters, []);
        Faults.Point("create.config");
        ContainerDefinition definition = Definitions.Of(plan, source, kept, name, foreground: false);
        RecordJson.Write(paths.Definition, definition);
        ImageUse.Declare(store.Layout, definition);
        Faults.Point("create.defined");
        // With this it is there: until now, whoever comes to it would clear it away.
        var state = new ContainerState { Status = ContainerStatus.Created };
        RecordJson.Write(paths.State, state);
        Faults.Point("create.written");
        LockedContainer held = LockedContainer.New(store, lease, definition, state);
        EventLog.Report(store, definition, "create");
        return held;
    }

    private static LifecycleOptions WithStopSignal(LifecycleOptions keep, ImageProcess? image) =>
        keep.StopSignal is null && image?.StopSignal is { } signal ? keep with { StopSignal = Signals.Parse(signal, "the image's StopSignal") } : keep;
}
