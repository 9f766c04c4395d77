namespace Podspawn.Oci.Lifecycle.Stats;

/// <summary>What a container uses, beside its limits. Values are null where it is not running, or where the host cannot tell.</summary>
public sealed record ContainerStatistics
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Processor time since the last sample, in percent of one processor; null in the first sample.</summary>
    public double? CpuPercent { get; init; }

    /// <summary>The limit of <see cref="CpuPercent"/>; null for none.</summary>
    public double? CpuLimitPercent { get; init; }

    /// <summary>Bytes of memory in use, without the kernel's inactive file cache.</summary>
    public long? MemoryUsage { get; init; }

    /// <summary>The memory limit in bytes: all of the host's memory where the container has no limit.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary><see cref="MemoryUsage"/> in percent of <see cref="MemoryLimit"/>.</summary>
    public double? MemoryPercent => MemoryUsage is { } usage && MemoryLimit is > 0 and var limit ? 100.0 * usage / limit : null;

    /// <summary>Bytes read from disks.</summary>
    public long? DiskRead { get; init; }

    /// <summary>Bytes written to disks.</summary>
    public long? DiskWritten { get; init; }

    /// <summary>The number of its processes and threads.</summary>
    public long? Pids { get; init; }

    /// <summary>The limit of <see cref="Pids"/>; null for none.</summary>
    public long? PidsLimit { get; init; }
}
