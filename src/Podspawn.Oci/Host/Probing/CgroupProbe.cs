using Podspawn.Oci.Native;

namespace Podspawn.Oci.Host.Probing;

/// <summary>Reads the layout of the host's control groups (cgroups(7)).</summary>
internal static class CgroupProbe
{
    private const string Root = "/sys/fs/cgroup";

    // The v1 controllers that one of our limits or a device rule needs.
    private static readonly string[] Version1Controllers = ["pids", "memory", "cpu", "devices", "freezer", "cpuset", "blkio"];

    internal static CgroupLayout Layout()
    {
        if (FileSystemCalls.FileSystemType(Root) == FileSystemCalls.CGROUP2_SUPER_MAGIC)
            return CgroupLayout.Unified;
        if (FileSystemCalls.FileSystemType($"{Root}/unified") == FileSystemCalls.CGROUP2_SUPER_MAGIC)
            return CgroupLayout.Hybrid;
        return PathCalls.Access($"{Root}/devices/tasks", 0) == 0 || PathCalls.Access($"{Root}/pids/tasks", 0) == 0
            ? CgroupLayout.V1
            : CgroupLayout.None;
    }

    internal static HashSet<string> Controllers(CgroupLayout layout)
    {
        if (layout == CgroupLayout.None)
            return [];
        if (layout == CgroupLayout.Unified)
        {
            // Device rules are eBPF programs there: no controller file names them, but every v2 kernel has them.
            HashSet<string> found = [.. (SmallFile.Read($"{Root}/cgroup.controllers") ?? "").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)];
            found.Add("devices");
            found.Add("freezer");
            return found;
        }
        var present = new HashSet<string>();
        foreach (string controller in Version1Controllers)
        {
            if (PathCalls.Access($"{Root}/{controller}/tasks", 0) == 0)
                present.Add(controller);
        }
        return present;
    }

    internal static bool LimitsSwap(CgroupLayout layout) => layout switch
    {
        CgroupLayout.Unified => UnifiedLimitsSwap(),
        CgroupLayout.None => false,
        _ => PathCalls.Access($"{Root}/memory/memory.memsw.limit_in_bytes", 0) == 0,
    };

    /// <summary>Whether a cgroup can have a weight at the disks, and whether that is the one of bfq alone; where no cgroup can be looked at, it is taken to have any.</summary>
    internal static (bool Any, bool OnlyBfq) DiskWeights(CgroupLayout layout)
    {
        if (layout == CgroupLayout.None)
            return (false, false);
        (string root, string always, string plain, string bfq) = layout == CgroupLayout.Unified
            ? (Root, "io.max", "io.weight", "io.bfq.weight")
            : ($"{Root}/blkio", "blkio.reset_stats", "blkio.weight", "blkio.bfq.weight");
        // The root cgroup has no weight, and of version 2 only a cgroup for which the controller is on has any of its files.
        string? child = Directory.Exists(root) ? Directory.EnumerateDirectories(root).FirstOrDefault(found => PathCalls.Access($"{found}/{always}", 0) == 0) : null;
        if (child is null)
            return (true, false);
        bool hasPlain = PathCalls.Access($"{child}/{plain}", 0) == 0, hasBfq = PathCalls.Access($"{child}/{bfq}", 0) == 0;
        return (hasPlain || hasBfq, hasBfq && !hasPlain);
    }

    private static bool UnifiedLimitsSwap()
    {
        // The root cgroup has no limits: our own cgroup is read, or any child when we are in the root.
        string own = (SmallFile.Read("/proc/self/cgroup") ?? "").Trim();
        int path = own.IndexOf("::", StringComparison.Ordinal);
        if (path >= 0 && own.Length > path + 3)
            return PathCalls.Access($"{Root}{own[(path + 2)..]}/memory.swap.max", 0) == 0;
        foreach (string child in Directory.EnumerateDirectories(Root))
            return PathCalls.Access($"{child}/memory.swap.max", 0) == 0;
        return false;
    }
}
