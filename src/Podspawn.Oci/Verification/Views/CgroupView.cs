using System.Globalization;
using Podspawn.Oci.Hosting;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Verification.Views;

/// <summary>The limits of the cgroups that a process is really in (cgroups(7)), whatever path was asked for.</summary>
/// <param name="Path">The path of its cgroup in the hierarchy of the pids controller, or of version 2.</param>
/// <param name="Pids">pids.max: -1 for <c>max</c>; null where there is no such file.</param>
/// <param name="Memory">Bytes; -1 for unlimited; null where there is no such file.</param>
/// <param name="Cpus">Processors; -1 for unlimited; null where there is no such file.</param>
/// <param name="Devices">The rules of the version 1 device controller; null where it is not mounted.</param>
internal sealed record CgroupView(string Path, long? Pids, long? Memory, decimal? Cpus, IReadOnlyList<string>? Devices)
{
    private const string Mount = "/sys/fs/cgroup";

    // What version 1 shows for no limit: the largest number of whole pages.
    private const long UnlimitedMemory = long.MaxValue - 4095;

    public static CgroupView Of(int pid, CgroupLayout layout, IReadOnlySet<string> controllers)
    {
        IReadOnlyDictionary<string, string> paths = PathsOf(pid);
        if (layout == CgroupLayout.Unified)
        {
            string path = paths.GetValueOrDefault("", "/"), directory = Mount + path;
            return new CgroupView(path, Limit($"{directory}/pids.max"), Limit($"{directory}/memory.max"), CpusOfVersion2(directory), null);
        }

        string Directory(string controller) => $"{Mount}/{controller}{paths.GetValueOrDefault(controller, "/")}";
        string devices = $"{Directory("devices")}/devices.list";
        return new CgroupView(
            paths.GetValueOrDefault("pids", paths.GetValueOrDefault("", "/")),
            Limit($"{Directory("pids")}/pids.max"),
            Limit($"{Directory("memory")}/memory.limit_in_bytes") is { } memory ? memory >= UnlimitedMemory ? -1 : memory : null,
            CpusOfVersion1(Directory("cpu")),
            controllers.Contains("devices") ? SmallFile.Read(devices)?.Split('\n', StringSplitOptions.RemoveEmptyEntries) : null);
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

    private static long? Limit(string file) => SmallFile.Read(file)?.Trim() switch
    {
        "max" => -1,
        { } text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => number,
        _ => null,
    };

    private static decimal? CpusOfVersion1(string directory) =>
        Limit($"{directory}/cpu.cfs_quota_us") is not { } quota ? null
        : quota < 0 ? -1
        : Limit($"{directory}/cpu.cfs_period_us") is { } period and > 0 ? (decimal)quota / period
        : null;

    private static decimal? CpusOfVersion2(string directory) => SmallFile.Read($"{directory}/cpu.max")?.Trim().Split(' ') switch
    {
        ["max", ..] => -1,
        [var quota, var period] when long.TryParse(quota, out long q) && long.TryParse(period, out long p) && p > 0 => (decimal)q / p,
        _ => null,
    };
}
