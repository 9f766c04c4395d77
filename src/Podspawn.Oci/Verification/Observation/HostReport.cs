using System.Globalization;
using Podspawn.Oci.Host;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Verification.Observation;

/// <summary>The host's view of a container's process, from /proc and the cgroup files: nothing that the container could have written.</summary>
internal sealed record HostReport
{
    internal const int LargestMountTable = 4 << 20;
    private static readonly string[] NamespaceFiles = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"];

    /// <summary>The host's process id.</summary>
    public required int Pid { get; init; }

    /// <summary>The lines of /proc/PID/status by their keys.</summary>
    public required IReadOnlyDictionary<string, string> Status { get; init; }

    /// <summary>/proc/PID/ns: name to identity (<c>pid:[4026531836]</c>).</summary>
    public required IReadOnlyDictionary<string, string> Namespaces { get; init; }

    /// <summary>/proc/PID/mountinfo.</summary>
    public required IReadOnlyList<MountEntry> Mounts { get; init; }

    /// <summary>Its standard streams, as far as it has them.</summary>
    public required IReadOnlyList<StreamReport> Streams { get; init; }

    /// <summary>The limits of its cgroup.</summary>
    public required CgroupReport Cgroup { get; init; }

    /// <summary>Its limits, by their names without RLIMIT_; null where they were not looked at.</summary>
    public IReadOnlyDictionary<string, ProcessLimit>? Limits { get; init; }

    /// <summary>/proc/PID/oom_score_adj.</summary>
    public int? OomScore { get; init; }

    /// <summary>Kernel parameters of its namespaces, as far as they were asked for.</summary>
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();

    /// <summary>Observes a process.</summary>
    /// <param name="pid">Its process id.</param>
    /// <param name="layout">The host's cgroup layout.</param>
    /// <param name="controllers">The host's cgroup controllers.</param>
    /// <param name="callers">The files behind the launcher's streams; empty where they are not known.</param>
    /// <param name="sysctls">The kernel parameters to read.</param>
    public static HostReport Of(int pid, CgroupLayout layout, IReadOnlySet<string> controllers, IReadOnlySet<FileIdentity> callers, IEnumerable<string> sysctls) => new()
    {
        Pid = pid,
        Status = StatusOf(pid),
        Namespaces = NamespacesOf(pid.ToString(CultureInfo.InvariantCulture)),
        Mounts = MountEntry.Parse(SmallFile.Read($"/proc/{pid}/mountinfo", LargestMountTable) ?? ""),
        Streams = StreamReport.Of(pid, callers),
        Cgroup = CgroupReport.Of(pid, layout, controllers),
        Limits = ProcessLimit.Of(pid),
        OomScore = int.TryParse(SmallFile.Read($"/proc/{pid}/oom_score_adj"), NumberStyles.AllowLeadingSign | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture,
            out int score) ? score : null,
        Sysctls = SysctlReport.Of(pid, sysctls),
    };

    /// <summary>The namespaces of a process (namespaces(7)).</summary>
    public static IReadOnlyDictionary<string, string> NamespacesOf(string process)
    {
        var found = new Dictionary<string, string>();
        foreach (string name in NamespaceFiles)
        {
            if (new FileInfo($"/proc/{process}/ns/{name}").LinkTarget is { } identity)
                found[name] = identity;
        }
        return found;
    }

    private static Dictionary<string, string> StatusOf(int pid)
    {
        var status = new Dictionary<string, string>();
        foreach (string line in (SmallFile.Read($"/proc/{pid}/status") ?? "").Split('\n'))
        {
            int colon = line.IndexOf(':');
            if (colon > 0)
                status[line[..colon]] = line[(colon + 1)..].Trim();
        }
        return status;
    }
}

/// <summary>A line of a mount table (proc_pid_mountinfo(5)).</summary>
/// <param name="Path">The mount point.</param>
/// <param name="Root">Which directory of the filesystem is mounted.</param>
/// <param name="Type">The filesystem.</param>
/// <param name="Options">The mount's options, and then the filesystem's.</param>
internal sealed record MountEntry(string Path, string Root, string Type, IReadOnlyList<string> Options)
{
    public static IReadOnlyList<MountEntry> Parse(string table)
    {
        var mounts = new List<MountEntry>();
        foreach (string line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ');
            int dash = Array.IndexOf(words, "-");
            if (dash < 6 || words.Length < dash + 4)
                continue;
            mounts.Add(new MountEntry(Unescape(words[4]), Unescape(words[3]), words[dash + 1], [.. words[5].Split(','), .. words[dash + 3].Split(',')]));
        }
        return mounts;
    }

    private static string Unescape(string path) => path
        .Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal)
        .Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);
}
