using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Launching;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Runtimes;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Starts detached containers: mounts, monitor, runtime, command.</summary>
internal static class ContainerStarter
{
    // A process that wants to stop or remove the container waits for its lock this long. A gVisor sandbox takes a few seconds on a busy machine.
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);

    /// <summary>Starts a container, and returns when its command runs; a container that already runs is left alone.</summary>
    /// <param name="held">The container.</param>
    /// <param name="exit">The command that its monitor calls when it has ended.</param>
    /// <param name="signals">The source of a signal that ends the start; null for none.</param>
    /// <param name="onNote">Receives notes on what was done differently.</param>
    /// <param name="created">Called between the runtime's create and its start: a caller that attaches then misses nothing.</param>
    /// <exception cref="RuntimeException">The container could not be started; its state is as before.</exception>
    internal static void Start(LockedContainer held, ExitCommand exit, ISignalSource? signals, Action<IReadOnlyList<Note>> onNote, Action? created = null)
    {
        if (held.Now.HasProcess)
            return;
        using var interruption = new Interruption(signals);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token);
        limit.CancelAfter(LongestStart);
        bool byPolicy = held.State.Status == ContainerStatus.Restarting;
        ContainerState before = byPolicy ? held.State with { Status = ContainerStatus.Exited, Restarter = null } : held.State;
        // A start by a user begins the count of restarts, and so their pauses, anew.
        int restarts = byPolicy ? before.Restarts : 0;
        held.Write(before with { Status = ContainerStatus.Starting, Error = null, StopRequested = false, Restarter = null, Restarts = restarts });
        // The health of the last run says nothing about this one.
        File.Delete(held.Paths.Health);
        Faults.Point("start.marked");
        try
        {
            RuntimeInvoker.Inside(held.Now.Driver, () => StartInside(held, exit, onNote, created, limit.Token));
        }
        catch (Exception e)
        {
            RunCleanup.Clear(held);
            // Without the timeout a runtime that hangs would be waited for without an end.
            if (e is OperationCanceledException && interruption.Signal is > 0 and int signal)
            {
                string ended = $"the start was ended by signal {signal}";
                held.Write(before with { Layer = held.State.Layer, Error = ended });
                throw new RuntimeException($"container '{held.Definition.Name}': {ended}", ExitCodes.OfSignal(signal));
            }
            string error = e is OperationCanceledException ? $"the runtime was not done after {LongestStart.TotalSeconds:F0} s, and was ended" : e.Message;
            held.Write(before with { Layer = held.State.Layer, Error = error });
            if (e is OperationCanceledException)
                throw new RuntimeException($"container '{held.Definition.Name}': {error}; see what it waits for in the container's root filesystem");
            throw;
        }
        HealthTimer.Start(held, exit);
        Faults.Point("start.written");
        EventLog.Report(held.Store, held.Definition, "start");
    }

    private static void StartInside(LockedContainer held, ExitCommand exit, Action<IReadOnlyList<Note>> onNote, Action? created, CancellationToken cancel)
    {
        ContainerPaths paths = held.Paths;
        MountRoot(held, onNote);
        RequireVolumes(held);
        DeviceOptions.RequireUnchanged(held.Definition.Devices);
        LogPlace.Require(held.Definition.Lifecycle.Log);
        using (RootFilesystem root = RootFilesystem.Open(held.Now.RootPath))
        {
            root.CheckKernelMounts();
            UserDatabase.RequireFiles(root);
        }
        ImageMounting.Mount(held.Definition, paths, onNote);
        using (ConnectedNetworks? networks = ContainerNetworks.Connect(held.Store.Layout, paths, held.Definition))
        {
            JoinedNamespaces.Mount(held.Definition, paths, held.Store.Layout, held.Now.Driver, networks);
            RootMount.WriteNames(held.Definition, paths, ContainerNetworks.NamesOf(held.Store.Layout, held.Definition, networks));
        }
        Faults.Point("start.mounted");
        // Without --interactive conmon gives the container /dev/null as stdin.
        Directory.CreateDirectory(paths.NullDevice);
        NullDevice.CoverPath(paths.NullDevice);
        File.Delete(paths.RuntimeLog);
        (ProcessIdentity monitor, ProcessIdentity process) = ContainerMonitor.Launch(held.Now, exit, cancel);
        // The state is recorded before the command can do anything.
        held.Write(held.State with { Process = process, Monitor = monitor, Started = DateTimeOffset.UtcNow });
        Faults.Point("start.created");
        PidFiles.Write(Setting.PidFile, held.Definition.Lifecycle.PidFile, process.Pid);
        PidFiles.Write(Setting.ConmonPidFile, held.Definition.Lifecycle.MonitorPidFile, monitor.Pid);
        RuntimeDriver driver = held.Now.Driver;
        if (driver.Traits.Kernel == SystemCallHandler.Host)
            WorkingDirectory.RequireEntered(process.Pid, ContainerProcess.Read(File.ReadAllBytes(paths.Config)).WorkingDirectory);
        created?.Invoke();
        long logged = CommandBegin.EndOfLog(held.Now);
        RuntimeAnswer answer = RuntimeInvoker.Call(driver, driver.Start(held.Now.LaunchCall, held.Definition.Network), cancel: cancel);
        if (answer.Status != 0)
            throw LaunchFailure.Of(driver, paths, held.Definition.Command[0], answer.Status, answer.Reason)!;
        Faults.Point("start.started");
        CommandBegin.Await(held.Now, process, monitor, logged);
        cancel.ThrowIfCancellationRequested();
        held.Write(held.State with { Status = ContainerStatus.Running });
        if (ServiceNotice.Send(held.Definition.Lifecycle.Notify, monitor) is { } why)
            onNote([new Note("sdnotify", NoteSeverity.Warning, $"the service manager at {held.Definition.Lifecycle.Notify.Socket} was not told of the start: {why}")]);
    }

    private static void RequireVolumes(LockedContainer held)
    {
        foreach (string name in VolumeUses.NamesIn(held.Definition))
            new VolumeStore(held.Store.Layout).OpenData(name).Dispose();
        // An earlier version made directories of the layer for an image's volumes; the last one is the working directory.
        if (held.Definition is { RootfsWritable: true } or { Directories.Count: <= 1 })
            return;
        using RootFilesystem layer = RootFilesystem.Open(held.Paths.Root);
        ImageVolumes.Require(layer, held.Paths.Root, SpecJson.Deserialize(File.ReadAllBytes(held.Paths.Config)).Mounts);
    }

    /// <summary>Mounts the container's root in the calling thread's mount namespace; at the first start, creates what a launch writes to it.</summary>
    internal static void MountRoot(LockedContainer held, Action<IReadOnlyList<Note>> onNote)
    {
        (ContainerDefinition definition, ContainerPaths paths) = (held.Definition, held.Paths);
        using RootFilesystem lower = RootFilesystem.Open(definition.RootDirectory);
        // The path was free of links when the container was created: a link on the way now was put there by someone else.
        if (lower.Path != definition.RootDirectory)
            throw new RootFilesystemException(definition.RootDirectory, $"leads to {lower.Path} by now", "put the root filesystem back in its place");
        if (definition.ImageDigest is null)
            HostPlaces.RefuseAsRoot(lower, held.Store.Layout.Directories, held.Store.Layout.EmptyRoot);
        // In the namespace of a monitor that starts its container again, the old layer is still mounted.
        if (!definition.RootfsWritable)
            ScratchLayer.Unmount(paths.Root);
        if (!definition.RootfsWritable && ContainerMounts.Lend(paths))
            return;
        StorageDriver? layer = RootMount.Mount(lower, definition, paths, held.State.Layer, onNote);
        if (layer is not null && held.State.Layer is null)
            held.Write(held.State with { Layer = layer });
    }
}
