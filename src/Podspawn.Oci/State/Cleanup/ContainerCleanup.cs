using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.State.Cleanup;

/// <summary>Clears away a container whose launcher was killed: runtime, processes, cgroup, mounts, layer.</summary>
internal static class ContainerCleanup
{
    /// <summary>
    /// What is special in a runtime's environment: the mark, no place for temporary files but /tmp, since gVisor's sandbox goes there as another user, and
    /// none of systemd's sockets.
    /// </summary>
    internal static IReadOnlyDictionary<string, string?> EnvironmentOf(ContainerPaths paths) => new Dictionary<string, string?>(RuntimeProcess.Withheld)
    {
        [ProcessMarks.Container] = ProcessMark.Of(paths),
        ["TMPDIR"] = null,
    };

    /// <summary>Ends what works for a container in our name: runtimes, and whoever serves its layer.</summary>
    internal static void EndHelpers(ContainerPaths paths) => MarkedProcesses.End(ProcessMarks.Container, ProcessMark.Of(paths));

    /// <summary>Clears all but its directory, which the caller removes, whose lock it holds.</summary>
    internal static void Clear(ContainerPaths paths)
    {
        // The runtime first: it might be half-way through making what we are about to remove.
        EndHelpers(paths);
        if (RecordedRuntime.Read(paths) is { } driver && Directory.Exists(paths.RuntimeState))
            RuntimeCleanup.Delete(driver, paths);
        CgroupCleanup.Remove(paths.Cgroup);
        CgroupCleanup.Remove(paths.SystemdCgroup);
        TreeRemoval.Remove(paths.Scratch);
    }
}
