namespace Podspawn.Oci.Lifecycle.Stats;

/// <summary>What a container uses, beside what it may use. Null where it is not running, or where the host cannot tell.</summary>
public sealed record ContainerStatistics
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Processor time since the last look, in percent of one processor; null at the first look.</summary>
    public double? CpuPercent { get; init; }

    /// <summary>The most that <see cref="CpuPercent"/> can be; null for no limit.</summary>
    public double? CpuLimitPercent { get; init; }

    /// <summary>Bytes of memory in use, the kernel's inactive copies of files left out.</summary>
    public long? MemoryUsage { get; init; }

    /// <summary>Bytes of memory that it may use: all of the host's where it has no limit.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>The one in percent of the other.</summary>
    public double? MemoryPercent => MemoryUsage is { } usage && MemoryLimit is > 0 and var limit ? 100.0 * usage / limit : null;

    /// <summary>Bytes read from disks.</summary>
    public long? DiskRead { get; init; }

    /// <summary>Bytes written to disks.</summary>
    public long? DiskWritten { get; init; }

    /// <summary>Its processes and threads.</summary>
    public long? Pids { get; init; }

    /// <summary>The most that it may have; null for no limit.</summary>
    public long? PidsLimit { get; init; }
}
