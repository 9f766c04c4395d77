using System.Globalization;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Host.Probing;

/// <summary>
/// Reads the files of one cgroup (Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst): one directory of version 2, or one in each hierarchy of
/// version 1. Values are null where there is no such file, or where the cgroup is gone.
/// </summary>
/// <param name="layout">How the host mounts its cgroups.</param>
/// <param name="path">The cgroup's path below each hierarchy's root, absolute.</param>
/// <param name="mount">Where the hierarchies are mounted.</param>
internal sealed class CgroupFiles(CgroupLayout layout, string path, string mount = CgroupFiles.Mount)
{
    private const string Mount = "/sys/fs/cgroup";
    private const int MostProcesses = 4 << 20;

    private readonly bool version2 = layout == CgroupLayout.Unified;

    /// <summary>The processor time used, in nanoseconds.</summary>
    internal long? CpuTime => version2 ? Field(File("cpu", "cpu.stat"), "usage_usec") * 1000 : CgroupLimits.Number(File("cpuacct", "cpuacct.usage"));

    /// <summary>The limit on processors; -1 for none.</summary>
    internal decimal? CpuLimit => CgroupLimits.Cpus(Directory("cpu"), version2);

    /// <summary>Bytes of memory in use, without the kernel's inactive file cache: docker's figure.</summary>
    internal long? Memory
    {
        get
        {
            long? used = CgroupLimits.Number(File("memory", version2 ? "memory.current" : "memory.usage_in_bytes"));
            long? inactive = Field(File("memory", "memory.stat"), version2 ? "inactive_file" : "total_inactive_file");
            return inactive < used ? used - inactive : used;
        }
    }

    /// <summary>The memory limit in bytes; -1 for none.</summary>
    internal long? MemoryLimit => CgroupLimits.Memory(Directory("memory"), version2);

    /// <summary>The number of tasks, threads included.</summary>
    internal long? Pids => CgroupLimits.Number(File("pids", "pids.current"));

    /// <summary>The limit on tasks; -1 for none.</summary>
    internal long? PidsLimit => CgroupLimits.Pids(Directory("pids"));

    /// <summary>Bytes read from disks and written to them.</summary>
    internal (long Read, long Written)? Disk => version2
        ? Sum(File("io", "io.stat"), "rbytes=", "wbytes=")
        : Sum(File("blkio", "blkio.throttle.io_service_bytes_recursive"), "Read ", "Write ");

    /// <summary>The processes in the cgroup and in all cgroups below it, by the host's numbers.</summary>
    internal IReadOnlySet<int> Processes()
    {
        var found = new HashSet<int>();
        // A process is in one cgroup of each hierarchy; runtimes may create different ones in each, so every hierarchy is read.
        foreach (string root in Roots(version2, mount))
            AddProcesses(root + path, found);
        return found;
    }

    /// <summary>The mount points of the hierarchies: the one of version 2, or those of version 1.</summary>
    internal static string[] Roots(bool version2, string mount = Mount) =>
        version2 ? [mount] : System.IO.Directory.Exists(mount) ? System.IO.Directory.GetDirectories(mount) : [];

    /// <summary>The processes in the cgroup of a directory and in all cgroups below it.</summary>
    internal static IReadOnlySet<int> ProcessesBelow(string directory)
    {
        var found = new HashSet<int>();
        AddProcesses(directory, found);
        return found;
    }

    private static void AddProcesses(string directory, HashSet<int> found)
    {
        if (SmallFile.Read($"{directory}/cgroup.procs", MostProcesses) is not { } text)
            return;
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 0)
                found.Add(pid);
        }
        try
        {
            foreach (string child in System.IO.Directory.GetDirectories(directory))
                AddProcesses(child, found);
        }
        catch (DirectoryNotFoundException)
        {
            // The cgroup was removed at this moment, so no process is in it.
        }
    }

    private string Directory(string controller) => version2 ? mount + path : $"{mount}/{controller}{path}";

    private string File(string controller, string name) => $"{Directory(controller)}/{name}";

    // "name 123" on a line of its own.
    private static long? Field(string file, string name)
    {
        foreach (string line in Lines(file) ?? [])
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] == ' ' && Number(line.AsSpan(name.Length + 1)) is { } number)
                return number;
        }
        return null;
    }

    // "8:0 Read 123" of version 1, "8:0 rbytes=123 wbytes=45 ..." of version 2: one for each disk.
    private static (long, long)? Sum(string file, string read, string written)
    {
        if (Lines(file) is not { } lines)
            return null;
        (long Read, long Written) sum = default;
        foreach (string line in lines)
            sum = (sum.Read + After(line, $" {read}"), sum.Written + After(line, $" {written}"));
        return sum;
    }

    private static long After(string line, string mark)
    {
        int at = line.IndexOf(mark, StringComparison.Ordinal);
        if (at < 0)
            return 0;
        ReadOnlySpan<char> rest = line.AsSpan(at + mark.Length);
        int end = rest.IndexOf(' ');
        return Number(end < 0 ? rest : rest[..end]) ?? 0;
    }

    private static string[]? Lines(string file) => SmallFile.Read(file)?.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static long? Number(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
