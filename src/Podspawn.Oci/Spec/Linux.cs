using System.Text.Json.Serialization;

namespace Podspawn.Oci.Spec;

/// <summary>The settings that are specific to Linux (config-linux.md).</summary>
public sealed record Linux
{
    /// <summary>Namespaces to create or join.</summary>
    public required IReadOnlyList<LinuxNamespace> Namespaces { get; init; }

    /// <summary>Devices beyond the default ones.</summary>
    public IReadOnlyList<Device>? Devices { get; init; }

    /// <summary>The cgroup's path.</summary>
    public string? CgroupsPath { get; init; }

    /// <summary>cgroup limits.</summary>
    public LinuxResources? Resources { get; init; }

    /// <summary>Kernel parameters of the container's namespaces.</summary>
    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }

    /// <summary>The seccomp filter.</summary>
    public LinuxSeccomp? Seccomp { get; init; }

    /// <summary>The root's mount propagation.</summary>
    public string? RootfsPropagation { get; init; }

    /// <summary>The masked paths.</summary>
    public IReadOnlyList<string>? MaskedPaths { get; init; }

    /// <summary>The read-only paths.</summary>
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }
}

/// <summary>A namespace (config-linux.md, "Namespaces").</summary>
/// <param name="Type"><c>pid</c>, <c>network</c>, <c>mount</c>, <c>ipc</c>, <c>uts</c>, <c>user</c>, <c>cgroup</c>.</param>
/// <param name="Path">A namespace to join; null for a new one.</param>
public sealed record LinuxNamespace(string Type, string? Path = null);

/// <summary>A device node (config-linux.md, "Devices").</summary>
public sealed record Device(string Type, string Path, long Major, long Minor, uint? FileMode = null, uint? Uid = null, uint? Gid = null);

/// <summary>cgroup limits (config-linux.md, "Control groups").</summary>
public sealed record LinuxResources
{
    /// <summary>Device rules; the last one that matches wins.</summary>
    public IReadOnlyList<DeviceRule>? Devices { get; init; }

    /// <summary>Memory.</summary>
    public MemoryLimits? Memory { get; init; }

    /// <summary>CPU.</summary>
    public CpuLimits? Cpu { get; init; }

    /// <summary>Tasks.</summary>
    public PidsLimits? Pids { get; init; }

    /// <summary>Disks.</summary>
    [JsonPropertyName("blockIO")]
    public BlockIoLimits? BlockIo { get; init; }
}

/// <summary>A rule of the device controller.</summary>
/// <param name="Allow">Whether the rule allows or denies.</param>
/// <param name="Type"><c>a</c>, <c>c</c> or <c>b</c>.</param>
/// <param name="Major">The major number; null for all.</param>
/// <param name="Minor">The minor number; null for all.</param>
/// <param name="Access">Any of <c>r</c>, <c>w</c>, <c>m</c>.</param>
public sealed record DeviceRule(bool Allow, string? Type = null, long? Major = null, long? Minor = null, string? Access = null);

/// <summary>Memory limits in bytes; <c>Swap</c> is memory plus swap.</summary>
public sealed record MemoryLimits(long? Limit = null, long? Swap = null)
{
    /// <summary>The soft limit.</summary>
    public long? Reservation { get; init; }
}

/// <summary>CPU limits: microseconds of quota in each period, whose length is in microseconds too.</summary>
public sealed record CpuLimits(long? Quota = null, ulong? Period = null)
{
    /// <summary>The weight against others, by version 1's scale (2 to 262144); a runtime converts it for version 2.</summary>
    public ulong? Shares { get; init; }

    /// <summary>The processors that may be used, as a list (<c>0-3,5</c>).</summary>
    public string? Cpus { get; init; }

    /// <summary>The memory nodes that may be used, as a list.</summary>
    public string? Mems { get; init; }
}

/// <summary>The weight at the disks against others, 10 to 1000.</summary>
public sealed record BlockIoLimits(ushort? Weight = null);

/// <summary>The largest number of tasks; -1 for unlimited.</summary>
public sealed record PidsLimits(long Limit);
