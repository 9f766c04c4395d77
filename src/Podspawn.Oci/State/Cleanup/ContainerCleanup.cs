using Podspawn.Oci.Native;
using Podspawn.Oci.Networks;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.State.Cleanup;

/// <summary>Cleans up after a container whose launcher was killed: runtime, processes, cgroup, mounts, layer.</summary>
internal static class ContainerCleanup
{
    /// <summary>
    /// The variables that differ in a runtime's environment: the mark is added; the directory for temporary files is /tmp, since gVisor's sandbox
    /// uses it as another user; and systemd's sockets are withheld.
    /// </summary>
    internal static IReadOnlyDictionary<string, string?> EnvironmentOf(ContainerPaths paths) => new Dictionary<string, string?>(RuntimeProcess.Withheld)
    {
        [ProcessMarks.Container] = ProcessMark.Of(paths),
        ["TMPDIR"] = null,
    };

    /// <summary>Ends the processes that work for a container in our name: runtimes, and the server of its layer.</summary>
    internal static void EndHelpers(ContainerPaths paths) => MarkedProcesses.End(ProcessMarks.Container, ProcessMark.Of(paths));

    /// <summary>Removes all but its directory. The caller holds the directory's lock, and removes it.</summary>
    internal static void Clear(ContainerPaths paths)
    {
        // The runtime is ended first: it might be creating what we are about to remove.
        EndHelpers(paths);
        if (RecordedRuntime.Read(paths) is { } driver && Directory.Exists(paths.RuntimeState))
            RuntimeCleanup.Delete(driver, paths);
        CgroupCleanup.Remove(paths.Cgroup);
        CgroupCleanup.Remove(paths.SystemdCgroup);
        ContainerNetworks.Release(paths);
        TreeRemoval.Remove(paths.Scratch);
    }
}
