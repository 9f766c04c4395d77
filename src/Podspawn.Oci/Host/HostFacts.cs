using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Host.Probing;
using Podspawn.Oci.Seccomp;

namespace Podspawn.Oci.Host;

/// <summary>What the translator needs to know about the host. A value: <see cref="HostProbe"/> reads it from the host.</summary>
public sealed record HostFacts
{
    /// <summary>The architecture that containers run on.</summary>
    public required CpuArchitecture Architecture { get; init; }

    /// <summary>The kernel's version (uname -r, its leading numbers).</summary>
    public required Version Kernel { get; init; }

    /// <summary>Capabilities in our bounding set that the kernel knows: the most that a container can get.</summary>
    public required CapabilitySet AvailableCapabilities { get; init; }

    /// <summary>Capabilities that the kernel knows (0 to /proc/sys/kernel/cap_last_cap).</summary>
    public required CapabilitySet KernelCapabilities { get; init; }

    /// <summary>How the control groups are mounted.</summary>
    public required CgroupLayout CgroupLayout { get; init; }

    /// <summary>Available controllers (<c>pids</c>, <c>memory</c>, <c>cpu</c>, <c>devices</c>, ...).</summary>
    public required IReadOnlySet<string> CgroupControllers { get; init; }

    /// <summary>Whether the memory controller can limit swap.</summary>
    public bool SwapAccounting { get; init; }

    /// <summary>Why systemd cannot create cgroups here; null where it can.</summary>
    public string? WhyNoSystemdCgroups { get; init; } = "nobody has looked";

    /// <summary>Physical memory in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Processors online.</summary>
    public required int Processors { get; init; }

    /// <summary>The processors online, as a list (<c>0-3</c>); null where they are not known.</summary>
    public string? ProcessorList { get; init; }

    /// <summary>The memory nodes online, as a list; null where they are not known.</summary>
    public string? MemoryNodeList { get; init; }

    /// <summary>Whether a cgroup can have a weight at the disks: not with every I/O scheduler.</summary>
    public bool BlockIoWeight { get; init; } = true;

    /// <summary>Whether that weight is the one of the scheduler bfq alone, whose file has a name of its own.</summary>
    public bool OnlyBfqWeight { get; init; }

    /// <summary>Our hard limits by docker's names (<c>nofile</c>); an absent one is unlimited.</summary>
    public IReadOnlyDictionary<string, ulong> HardLimits { get; init; } = new Dictionary<string, ulong>();

    /// <summary>Our hard RLIMIT_NOFILE: a container cannot get more (setrlimit(2)).</summary>
    public required ulong OpenFilesHardLimit { get; init; }

    /// <summary>Our hard RLIMIT_CORE.</summary>
    public ulong CoreHardLimit { get; init; } = ulong.MaxValue;

    /// <summary>Our own oom_score_adj (proc(5)): how soon the kernel kills us when memory runs out, from -1000 (never) to 1000.</summary>
    public int OomScoreAdj { get; init; }

    /// <summary>Our hard RLIMIT_NPROC; <see cref="ulong.MaxValue"/> when unlimited.</summary>
    public required ulong ProcessesHardLimit { get; init; }

    /// <summary>
    /// The limit for the number of tasks on the whole host: the smaller of /proc/sys/kernel/pid_max and /proc/sys/kernel/threads-max (proc(5)). The
    /// kernel's default pid_max where it was not read.
    /// </summary>
    public long TasksMax { get; init; } = 32768;

    /// <summary>Whether the kernel has seccomp filters.</summary>
    public bool SeccompFilter { get; init; } = true;

    /// <summary>The existing /sys/devices/system/cpu/cpuN/thermal_throttle directories.</summary>
    public IReadOnlyList<string> ThermalThrottlePaths { get; init; } = [];
}
