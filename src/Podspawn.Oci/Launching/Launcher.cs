using System.Runtime.ExceptionServices;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Launching.Invocation;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.State.Store;
using Podspawn.Oci.Translation;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching;

/// <summary>Runs a container in the foreground, from a plan to an exit status, and leaves nothing behind.</summary>
internal sealed class Launcher(ContainerStore store)
{
    private StorageDriver? layer;

    /// <summary>Runs the container. Blocks the calling thread, which enters its own mount namespace and stays there.</summary>
    /// <param name="options">What the user asked for.</param>
    /// <param name="onNote">Takes the notes, before anything runs.</param>
    /// <param name="attendant">Takes part in the run.</param>
    /// <returns>The command's exit status, or 128 + n when signal n ended it, -1 where it was killed at the end of its time.</returns>
    internal int Run(LaunchOptions options, Action<IReadOnlyList<Note>> onNote, ILaunchHooks attendant)
    {
        if (options is { Terminal: true, Interactive: true } && !TerminalRun.InputIsTerminal())
            throw new ContainerException($"{Setting.Tty}: stdin is no terminal; leave {Setting.Tty} away, or {Setting.Interactive}");
        if (options.Name is not null)
            ContainerId.Check(options.Name);
        PreservedDescriptors.Require(options.PreservedDescriptors);
        options = options.Id is null ? options with { Id = ContainerId.NewKept() } : options;
        using LaunchSource source = LaunchSource.Open(options);
        store.Establish();
        LaunchPlan plan = LaunchPlanner.Plan(options, source, store.Layout);
        ContainerPaths paths = store.Layout.Of(plan.Request.ContainerId);
        TranslationResult translation = plan.Translate(options.RootfsWritable ? NetworkFiles.BindMounts(source.Root, paths.Directory) : []);
        onNote(translation.Notes);
        attendant.Planned(plan, translation);

        using var volumes = new LaunchVolumes(store, plan);
        (ContainerLease made, string name) = store.CreateDetached(paths.Id, taken => options.Name ?? NameGenerator.Next(taken));
        using ContainerLease lease = made;
        volumes.Prepare(source.Root);
        // From here on a signal interrupts nothing half-way: it waits for the container's process, and is dropped once that has ended.
        RuntimeCall call = RuntimeCleanup.CallFor(paths) with { Grants = RuntimeGrants.Of(translation.Spec) };
        using var signals = new SignalForwarder(
            options.Signals, plan.Driver.Traits, paths.PidFile, signal => RuntimeInvoker.TryCall(plan.Driver, plan.Driver.Kill(call, signal)), options.Terminal,
            giveUp: () => HangingRuntime.End(ContainerCleanup.EnvironmentOf(paths)));
        using var companion = new ForegroundTimers(options.Lifecycle, paths, signals);
        ContainerDefinition definition = Definitions.Of(plan, source, options, name, foreground: true);
        RuntimeInvoker.Enter(plan.Driver);
        bool containerEnded = false;
        try
        {
            // Both run in parallel: the kernel's work on the mounts, on this thread because its mount namespace counts, and our work on the JSON.
            Task config = Task.Run(() =>
            {
                File.WriteAllBytes(paths.Config, SpecJson.Serialize(translation.Spec).Span);
                RecordJson.WriteOnce(paths.Definition, definition);
            });
            try
            {
                PrepareRoot(source.Root, definition, paths, onNote);
                ImageMounting.Mount(definition, paths, onNote);
                using ConnectedNetworks? networks = ContainerNetworks.Connect(store.Layout, paths, definition);
                JoinedNamespaces.Mount(definition, paths, store.Layout, plan.Driver, networks);
                RootMount.WriteNames(definition, paths, ContainerNetworks.NamesOf(store.Layout, definition, networks));
                attendant.Prepare(paths);
            }
            finally
            {
                config.GetAwaiter().GetResult();
            }
            // Written last: a reader of this record may rely on the root and on the other records.
            LauncherFile.Write(paths);
            attendant.Begin(paths, definition, () => RuntimeInvoker.Call(plan.Driver, plan.Driver.Kill(call, SignalNumber.SIGKILL)));
            bool settled = plan.Driver.Traits.Kernel != SystemCallHandler.Host || WorkingDirectory.IsSettled(plan, source, options);
            RunOutcome outcome = Execute(plan, paths, call, signals, options, settled);
            containerEnded = outcome.Kind == ExitSource.Container;
            if (companion.TimedOut && outcome.Status == ExitCodes.OfSignal(Text.Signals.Kill))
                return ExitCodes.TimedOut;
            return outcome.OutputAbandoned ? ExitCodes.OfSignal(signals.LastFatalSignal) : outcome.Status;
        }
        finally
        {
            signals.StopDelivering();
            attendant.End(paths);
            CleanUp(plan, paths, definition, containerEnded);
        }
    }

    private void PrepareRoot(RootFilesystem root, ContainerDefinition definition, ContainerPaths paths, Action<IReadOnlyList<Note>> onNote)
    {
        using RootFilesystem lower = root.Reopen();
        if (!definition.RootfsWritable || ImageMounting.Writes(definition))
            store.MakeLayer(paths);
        layer = RootMount.Mount(lower, definition, paths, before: null, onNote);
        using RootFilesystem mounted = layer is null ? root.Reopen() : RootFilesystem.Open(paths.Root);
        mounted.CheckKernelMounts();
    }

    private static RunOutcome Execute(LaunchPlan plan, ContainerPaths paths, RuntimeCall call, SignalForwarder signals, LaunchOptions options, bool settled)
    {
        RuntimeDriver driver = plan.Driver;
        ExceptionDispatchInfo? refusal = null;
        var run = new RuntimeInvocation
        {
            Driver = driver,
            Arguments = socket => settled
                ? driver.Run(call, plan.Request.Network, paths.Directory, paths.PidFile, socket, options.PreservedDescriptors)
                : driver.Create(call, plan.Request.Network, paths.Directory, paths.PidFile, socket, options.PreservedDescriptors),
            PreservedDescriptors = options.PreservedDescriptors,
            Begin = settled ? null : () => Begin(plan, paths, call, signals.Impatient, out refusal),
            PidFile = paths.PidFile,
            ConsoleSocket = paths.ConsoleSocket,
            Environment = ContainerCleanup.EnvironmentOf(paths),
            LeavesProcess = driver.Traits.LeavesContainerProcess,
            Interactive = options.Interactive,
            Signals = options.Signals,
            Abandon = signals.Fatal,
        };
        RunOutcome outcome = plan.Request.Terminal ? TerminalRun.Execute(run) : StreamRun.Execute(run);
        refusal?.Throw();
        if (signals.GaveUp)
            return new RunOutcome(ExitCodes.OfSignal(signals.LastFatalSignal), ExitSource.Runtime);
        if (LaunchFailure.Of(plan, paths, outcome) is not { } failure)
            return outcome;
        return signals.LastFatalSignal > 0 ? outcome with { Status = ExitCodes.OfSignal(signals.LastFatalSignal) } : throw failure;
    }

    // The start has two steps: between them the process has entered its working directory, and waits.
    private static int Begin(LaunchPlan plan, ContainerPaths paths, RuntimeCall call, CancellationToken cancel, out ExceptionDispatchInfo? refusal)
    {
        refusal = null;
        // Without the pid file the runtime has created nothing that could be started.
        if (ContainerPidFile.Read(paths.PidFile) is not { } pid)
            return ExitCodes.LaunchFailed;
        int status = ExitCodes.LaunchFailed;
        try
        {
            WorkingDirectory.RequireEntered(pid, plan.Request.WorkingDirectory);
            RuntimeDriver driver = plan.Driver;
            status = RuntimeInvoker.Call(driver, driver.Start(call, plan.Request.Network), cancel: cancel).Status;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The runtime hangs. The process is ended below, and the launch reports the signal.
        }
#pragma warning disable CA1031 // the exception is rethrown where the run's outcome is reported; thrown here, it could leave the process waiting for ever
        catch (Exception e)
#pragma warning restore CA1031
        {
            refusal = ExceptionDispatchInfo.Capture(e);
        }
        // The process is our child and has not been reaped, so the number is still its own. Its end hangs up its terminal.
        if (status != 0)
            ProcessCalls.Kill(pid, SignalNumber.SIGKILL);
        return status;
    }

    private void RemoveScratch(ContainerPaths paths, bool serves)
    {
        ScratchLayer.Unmount(paths.Root);
        // What was mounted half-way is not known.
        if (layer is null or StorageDriver.FuseOverlayfs || serves)
            ContainerCleanup.EndHelpers(paths);
        TreeRemoval.Remove(paths.Scratch);
    }

    private void CleanUp(LaunchPlan plan, ContainerPaths paths, ContainerDefinition definition, bool containerEnded)
    {
        // The runtime's own delete would start the runtime once more, to remove a few directories of a container whose process has ended.
        if (!containerEnded && RuntimeCleanup.Any(paths))
            RuntimeCleanup.Delete(plan.Driver, paths);
        RuntimeCleanup.Unpin(paths);
        ContainerNetworks.Release(paths);
        JoinedNamespaces.Unmount(paths);
        ImageMounting.Unmount(paths);
        if (plan.Request.CgroupsPath is { } cgroup)
            CgroupCleanup.Remove(cgroup);
        if (!definition.RootfsWritable || ImageMounting.Writes(definition))
            RemoveScratch(paths, ImageMounting.Writes(definition));
    }
}
