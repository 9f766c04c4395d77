using Podspawn.Oci.Host;
using Podspawn.Oci.Host.Probing;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Verification.Observation;

/// <summary>The limits of the cgroups that a process is really in (cgroups(7)), whatever path was asked for.</summary>
/// <param name="Path">The path of its cgroup in the hierarchy of the pids controller, or of version 2.</param>
/// <param name="Pids">pids.max: -1 for <c>max</c>; null where there is no such file.</param>
/// <param name="Memory">Bytes; -1 for unlimited; null where there is no such file.</param>
/// <param name="Cpus">Processors; -1 for unlimited; null where there is no such file.</param>
/// <param name="Devices">The rules of the version 1 device controller; null where it is not mounted.</param>
internal sealed record CgroupReport(string Path, long? Pids, long? Memory, decimal? Cpus, IReadOnlyList<string>? Devices)
{
    private const string Mount = "/sys/fs/cgroup";

    // By the controllers of version 1, and those of version 2.
    private static readonly (string Controller, string[] Files)[] Version1 =
    [
        ("memory", ["memory.memsw.limit_in_bytes", "memory.soft_limit_in_bytes"]), ("cpu", ["cpu.shares", "cpu.cfs_period_us"]), ("cpuset", ["cpuset.cpus", "cpuset.mems"]),
        ("blkio", ["blkio.weight", "blkio.bfq.weight"]),
    ];

    private static readonly string[] Version2 =
        ["memory.swap.max", "memory.low", "cpu.weight", "cpu.max", "cpuset.cpus", "cpuset.mems", "io.weight", "io.bfq.weight"];

    /// <summary>The text of further files of its cgroups, by their names; those that are not there are left out.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    public static CgroupReport Of(int pid, CgroupLayout layout, IReadOnlySet<string> controllers)
    {
        IReadOnlyDictionary<string, string> paths = PathsOf(pid);
        if (layout == CgroupLayout.Unified)
        {
            string path = paths.GetValueOrDefault("", "/"), directory = Mount + path;
            return new CgroupReport(path, CgroupLimits.Pids(directory), CgroupLimits.Memory(directory, version2: true), CgroupLimits.Cpus(directory, version2: true), null)
            {
                Files = FilesOf(Version2.Select(file => $"{directory}/{file}")),
            };
        }

        string Directory(string controller) => $"{Mount}/{controller}{paths.GetValueOrDefault(controller, "/")}";
        string devices = $"{Directory("devices")}/devices.list";
        return new CgroupReport(
            paths.GetValueOrDefault("pids", paths.GetValueOrDefault("", "/")),
            CgroupLimits.Pids(Directory("pids")),
            CgroupLimits.Memory(Directory("memory"), version2: false),
            CgroupLimits.Cpus(Directory("cpu"), version2: false),
            controllers.Contains("devices") ? SmallFile.Read(devices)?.Split('\n', StringSplitOptions.RemoveEmptyEntries) : null)
        {
            Files = FilesOf(Version1.SelectMany(one => one.Files.Select(file => $"{Directory(one.Controller)}/{file}"))),
        };
    }

    private static Dictionary<string, string> FilesOf(IEnumerable<string> paths)
    {
        var found = new Dictionary<string, string>();
        foreach (string path in paths)
        {
            if (SmallFile.Read(path)?.TrimEnd('\n') is { } text)
                found[System.IO.Path.GetFileName(path)] = text;
        }
        return found;
    }

    // "4:pids:/path", and "0::/path" for version 2 (proc_pid_cgroup(5)).
    private static Dictionary<string, string> PathsOf(int pid)
    {
        var paths = new Dictionary<string, string>();
        foreach (string line in (SmallFile.Read($"/proc/{pid}/cgroup") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(':', 3) is not [_, var names, var path])
                continue;
            foreach (string name in names.Split(','))
                paths[name] = path;
        }
        return paths;
    }
}
