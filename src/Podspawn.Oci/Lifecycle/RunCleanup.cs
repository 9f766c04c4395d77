using Podspawn.Oci.Launching;
using Podspawn.Oci.Native;
using Podspawn.Oci.Networks;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Removes what a container's run leaves on the host: its runtime's state, its cgroup, its helpers, the files of the run.</summary>
internal static class RunCleanup
{
    /// <summary>After an end that was observed: removes what is cheap to look for.</summary>
    internal static void Release(LockedContainer held)
    {
        if (held.State.Layer == StorageDriver.FuseOverlayfs || ImageMounting.HasServer(held.Definition, held.Paths))
            ContainerCleanup.EndHelpers(held.Paths);
        // The delete of runc and crun would start them once more, to remove a few directories; runsc has a sandbox to end.
        if (!held.Now.Driver.Traits.LeavesContainerProcess && RuntimeCleanup.Any(held.Paths))
            RuntimeCleanup.Delete(held.Now.Driver, held.Paths);
        RemoveRun(held);
    }

    /// <summary>Removes whatever may be left: for a start that was interrupted or cancelled, and before a removal.</summary>
    internal static void Clear(LockedContainer held)
    {
        // The monitor and the runtime are ended first: they might be creating what we are about to remove.
        ContainerCleanup.EndHelpers(held.Paths);
        if (RuntimeCleanup.Any(held.Paths))
            RuntimeCleanup.Delete(held.Now.Driver, held.Paths);
        RemoveRun(held);
    }

    private static void RemoveRun(LockedContainer held)
    {
        ContainerPaths paths = held.Paths;
        HealthTimer.Stop(held.Definition);
        // An exit handler that the monitor has called is in its mount namespace, where a mount point cannot be removed.
        if (!held.Definition.RootfsWritable)
            ScratchLayer.Unmount(paths.Root);
        NullDevice.UncoverPath(paths.NullDevice);
        ContainerNetworks.Release(paths, held.State.Monitor);
        JoinedNamespaces.Unmount(paths);
        ImageMounting.Unmount(paths);
        RuntimeCleanup.Unpin(paths);
        if (held.Definition.Cgroup is { } cgroup)
            CgroupCleanup.Remove(cgroup);
        Faults.Point("end.cgroup");
        PidFiles.Remove(held.Definition.Lifecycle.PidFile, held.State.Process?.Pid);
        PidFiles.Remove(held.Definition.Lifecycle.MonitorPidFile, held.State.Monitor?.Pid);
        string[] directories =
            [paths.RuntimeState, paths.Execs, paths.ExitDirectory, paths.MonitorDirectory, paths.NullDevice, paths.Notify, $"{paths.RuntimeLog}.d"];
        foreach (string directory in directories)
            TreeRemoval.Remove(directory);
        foreach (string file in new[] { paths.PidFile, paths.MonitorPidFile, paths.AttachSocket, paths.MonitorControl, paths.MonitorSizes })
            File.Delete(file);
        Faults.Point("end.files");
    }
}
