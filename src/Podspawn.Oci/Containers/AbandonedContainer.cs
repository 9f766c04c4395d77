using System.Globalization;
using CliWrap;
using Podspawn.Oci.Native;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Containers;

/// <summary>Clears away a container whose launcher was killed: runtime, processes, cgroup, mounts, directories.</summary>
internal static class AbandonedContainer
{
    /// <summary>The variable in a runtime's environment that tells whose runtime it is. The container never sees it.</summary>
    private const string Marker = "PODSPAWN_OCI_CONTAINER";

    private const int SIGKILL = 9;

    /// <summary>The marker for a runtime's environment.</summary>
    internal static IReadOnlyDictionary<string, string?> MarkerOf(ContainerPaths paths) => new Dictionary<string, string?> { [Marker] = paths.Id };

    /// <summary>Clears it. The caller holds its lock.</summary>
    internal static void Clear(ContainerPaths paths)
    {
        // The runtime first: it might be half-way through making what we are about to remove.
        KillRuntimes(paths.Id);
        if (RuntimeRecord.Read(paths) is { } driver && Directory.Exists(paths.RuntimeState))
            RuntimeRemains.Delete(driver, paths);
        CgroupRemains.Remove(paths.Cgroup);
        TreeRemoval.Remove(paths.Scratch);
        TreeRemoval.Remove(paths.Directory);
    }

    private static void KillRuntimes(string id)
    {
        string wanted = $"{Marker}={id}";
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && pid != Environment.ProcessId
                && SmallFile.Read($"{directory}/environ") is { Length: > 0 } environment
                && environment.Split('\0').Contains(wanted))
            {
                _ = Tmds.Linux.LibC.kill(pid, SIGKILL);
            }
        }
    }
}
