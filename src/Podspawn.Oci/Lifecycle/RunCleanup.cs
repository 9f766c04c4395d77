using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;

namespace Podspawn.Oci.Lifecycle;

/// <summary>What a container's run leaves on the host: its runtime's state, its cgroup, its helpers, the files of the run.</summary>
internal static class RunCleanup
{
    /// <summary>After an end that was seen: what is cheap to look for.</summary>
    internal static void Release(LockedContainer held)
    {
        if (held.State.Layer == StorageDriver.FuseOverlayfs)
            ContainerCleanup.EndHelpers(held.Paths);
        // runc's and crun's own delete would start them once more, for what is a few directories; runsc has a sandbox to end.
        if (!held.Now.Driver.Traits.LeavesContainerProcess && RuntimeCleanup.Any(held.Paths))
            RuntimeCleanup.Delete(held.Now.Driver, held.Paths);
        RemoveRun(held);
    }

    /// <summary>Whatever may be there: for a start that was interrupted or is not wanted any more, and before a removal.</summary>
    internal static void Clear(LockedContainer held)
    {
        // The monitor and the runtime first: they might be half-way through making what we are about to remove.
        ContainerCleanup.EndHelpers(held.Paths);
        if (RuntimeCleanup.Any(held.Paths))
            RuntimeCleanup.Delete(held.Now.Driver, held.Paths);
        RemoveRun(held);
    }

    private static void RemoveRun(LockedContainer held)
    {
        ContainerPaths paths = held.Paths;
        // Whom the monitor has called is in its mount namespace, where nothing can be removed that something is mounted on.
        if (!held.Definition.RootfsWritable)
            ScratchLayer.Unmount(paths.Root);
        NullDevice.UncoverPath(paths.NullDevice);
        RuntimeCleanup.Unpin(paths);
        if (held.Definition.Cgroup is { } cgroup)
            CgroupCleanup.Remove(cgroup);
        Faults.Point("end.cgroup");
        PidFiles.Remove(held.Definition.Lifecycle.PidFile, held.State.Process?.Pid);
        foreach (string directory in new[] { paths.RuntimeState, paths.Execs, paths.ExitDirectory, paths.MonitorDirectory, paths.NullDevice, $"{paths.RuntimeLog}.d" })
            TreeRemoval.Remove(directory);
        foreach (string file in new[] { paths.PidFile, paths.MonitorPidFile, paths.AttachSocket, paths.MonitorControl, paths.MonitorSizes })
            File.Delete(file);
        Faults.Point("end.files");
    }
}
