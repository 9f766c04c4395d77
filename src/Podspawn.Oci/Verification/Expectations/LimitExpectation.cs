using Podspawn.Oci.Spec;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Verification.Expectations;

/// <summary>The limits that a launch is given beside its config, and those that every launch has; null or empty for what was not asked for.</summary>
internal sealed record LimitExpectation
{
    /// <summary>The mount point of the shared memory.</summary>
    public const string SharedMemoryPath = DefaultMounts.SharedMemory;

    /// <summary>Nothing.</summary>
    public static LimitExpectation None { get; } = new();

    /// <summary>Bytes of swap beyond the memory; -1 for unlimited.</summary>
    public long? Swap { get; init; }

    /// <summary>Bytes of the soft limit on memory.</summary>
    public long? Reservation { get; init; }

    /// <summary>The weight at the processors, by version 1's scale.</summary>
    public ulong? Shares { get; init; }

    /// <summary>The period of the quota in microseconds.</summary>
    public ulong? Period { get; init; }

    /// <summary>The processors, as a list.</summary>
    public string? Cpus { get; init; }

    /// <summary>The memory nodes, as a list.</summary>
    public string? Mems { get; init; }

    /// <summary>The weight at the disks, 10 to 1000.</summary>
    public ushort? DiskWeight { get; init; }

    /// <summary>The score by which the kernel chooses what to kill.</summary>
    public int? OomScore { get; init; }

    /// <summary>The limits of its process.</summary>
    public IReadOnlyList<Rlimit> Rlimits { get; init; } = [];

    /// <summary>Kernel parameters.</summary>
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();

    /// <summary>The tmpfs at /dev/shm; null where something else is mounted there.</summary>
    public TmpfsExpectation? SharedMemory { get; init; }

    /// <summary>What a config.json says.</summary>
    public static LimitExpectation Of(RuntimeSpec spec)
    {
        LinuxResources? limits = spec.Linux.Resources;
        Mount? shared = spec.Mounts.LastOrDefault(mount => mount.Destination == SharedMemoryPath);
        return new LimitExpectation
        {
            Swap = limits?.Memory is { Swap: { } both, Limit: { } memory } ? both < 0 ? -1 : both - memory : null,
            Reservation = limits?.Memory?.Reservation,
            Shares = limits?.Cpu?.Shares,
            Period = limits?.Cpu?.Quota > 0 ? limits.Cpu.Period : null,
            Cpus = limits?.Cpu?.Cpus,
            Mems = limits?.Cpu?.Mems,
            DiskWeight = limits?.BlockIo?.Weight,
            OomScore = spec.Process.OomScoreAdj,
            Rlimits = spec.Process.Rlimits ?? [],
            Sysctls = spec.Linux.Sysctl ?? new Dictionary<string, string>(),
            SharedMemory = shared is { Type: "tmpfs" } ? new TmpfsExpectation(SharedMemoryPath, shared.Options ?? [], null) : null,
        };
    }
}
