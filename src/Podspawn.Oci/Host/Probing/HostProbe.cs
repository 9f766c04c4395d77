using System.Globalization;
using System.Runtime.InteropServices;
using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Native;
using Podspawn.Oci.Seccomp;

namespace Podspawn.Oci.Host.Probing;

/// <summary>Reads <see cref="HostFacts"/> from the running host.</summary>
public static class HostProbe
{
    private const int RLIMIT_CORE = 4;
    private const int RLIMIT_NPROC = 6;
    private const int RLIMIT_NOFILE = 7;

    /// <summary>Reads the facts that a launch needs; some twenty short reads of /proc and /sys.</summary>
    /// <exception cref="PlatformNotSupportedException">The processor is neither x86_64 nor aarch64.</exception>
    public static HostFacts Read()
    {
        CgroupLayout layout = CgroupProbe.Layout();
        CapabilitySet known = KernelCapabilities();
        (bool Any, bool OnlyBfq) disks = CgroupProbe.DiskWeights(layout);
        return new HostFacts
        {
            Architecture = RuntimeInformation.ProcessArchitecture switch
            {
                Architecture.X64 => CpuArchitecture.X64,
                Architecture.Arm64 => CpuArchitecture.Arm64,
                Architecture other => throw new PlatformNotSupportedException($"no seccomp filter is known for {other}"),
            },
            Kernel = Environment.OSVersion.Version,
            KernelCapabilities = known,
            AvailableCapabilities = known & BoundingSet(),
            CgroupLayout = layout,
            CgroupControllers = CgroupProbe.Controllers(layout),
            WhyNoSystemdCgroups = SystemdProbe.WhyNot(layout),
            SwapAccounting = CgroupProbe.LimitsSwap(layout),
            MemoryBytes = PhysicalMemory(),
            Processors = Environment.ProcessorCount,
            ProcessorList = SmallFile.Read("/sys/devices/system/cpu/online")?.Trim(),
            MemoryNodeList = SmallFile.Read("/sys/devices/system/node/online")?.Trim(),
            BlockIoWeight = disks.Any,
            OnlyBfqWeight = disks.OnlyBfq,
            HardLimits = Limits.AllHard(),
            TasksMax = Math.Min(Number("/proc/sys/kernel/pid_max"), Number("/proc/sys/kernel/threads-max")),
            OpenFilesHardLimit = Limits.Hard(RLIMIT_NOFILE),
            CoreHardLimit = Limits.Hard(RLIMIT_CORE),
            OomScoreAdj = (int)Math.Clamp(Number("/proc/self/oom_score_adj"), -1000, 1000),
            ProcessesHardLimit = Limits.Hard(RLIMIT_NPROC),
            SeccompFilter = PathCalls.Access("/proc/sys/kernel/seccomp/actions_avail", 0) == 0,
            ThermalThrottlePaths = ThermalThrottlePaths(),
        };
    }

    private static CapabilitySet KernelCapabilities() =>
        CapabilitySet.UpTo(int.Parse(SmallFile.Read("/proc/sys/kernel/cap_last_cap") ?? "40", CultureInfo.InvariantCulture));

    private static CapabilitySet BoundingSet()
    {
        string status = SmallFile.Read("/proc/self/status") ?? "";
        int at = status.IndexOf("CapBnd:", StringComparison.Ordinal);
        if (at < 0)
            return CapabilitySet.Empty;
        ReadOnlySpan<char> rest = status.AsSpan(at + "CapBnd:".Length).TrimStart();
        return new CapabilitySet(ulong.Parse(rest[..16], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    private static long PhysicalMemory()
    {
        // The first line, in kB: proc_meminfo(5).
        ReadOnlySpan<char> line = (SmallFile.Read("/proc/meminfo") ?? "MemTotal: 0 kB").AsSpan("MemTotal:".Length).TrimStart();
        return long.Parse(line[..line.IndexOf(' ')], CultureInfo.InvariantCulture) * 1024;
    }

    private static long Number(string path) =>
        long.TryParse(SmallFile.Read(path), NumberStyles.AllowTrailingWhite | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number
            : long.MaxValue;

    private static List<string> ThermalThrottlePaths()
    {
        var paths = new List<string>();
        for (int cpu = 0; cpu < Environment.ProcessorCount; cpu++)
        {
            string path = $"/sys/devices/system/cpu/cpu{cpu}/thermal_throttle";
            if (PathCalls.Access(path, 0) == 0)
                paths.Add(path);
        }
        return paths;
    }
}
