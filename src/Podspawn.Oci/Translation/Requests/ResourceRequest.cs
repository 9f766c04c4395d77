namespace Podspawn.Oci.Translation.Requests;

/// <summary>What a launch asks of the kernel beside its config, read but not judged; null or empty for what is not asked.</summary>
public sealed record ResourceRequest
{
    /// <summary>Nothing.</summary>
    public static ResourceRequest None { get; } = new();

    /// <summary>Bytes of memory and swap together; -1 for unlimited swap.</summary>
    public long? MemorySwap { get; init; }

    /// <summary>Bytes of memory that the kernel tries to leave to it (version 2), or to which it tries to push it back (version 1).</summary>
    public long? MemoryReservation { get; init; }

    /// <summary>Its weight against others, by version 1's scale, where 1024 is usual.</summary>
    public long? CpuShares { get; init; }

    /// <summary>The period in microseconds for which the quota on processors is given.</summary>
    public long? CpuPeriod { get; init; }

    /// <summary>The processors that it may use, as a list (<c>0-3,5</c>).</summary>
    public string? CpusetCpus { get; init; }

    /// <summary>The memory nodes that it may use, as a list.</summary>
    public string? CpusetMems { get; init; }

    /// <summary>Its weight against others at the disks, 10 to 1000.</summary>
    public long? BlkioWeight { get; init; }

    /// <summary>The score by which the kernel chooses what to kill (proc(5)).</summary>
    public long? OomScoreAdj { get; init; }

    /// <summary>The size of /dev/shm in bytes.</summary>
    public long? ShmSize { get; init; }

    /// <summary>Resource limits, in order.</summary>
    public IReadOnlyList<UlimitRequest> Ulimits { get; init; } = [];

    /// <summary>Kernel parameters of its namespaces.</summary>
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();

    /// <summary>The file mode creation mask of its processes; null for the usual one.</summary>
    public uint? Umask { get; init; }

    /// <summary>Annotations of its config.json.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether nothing is asked.</summary>
    internal bool IsEmpty => Ulimits.Count + Sysctls.Count + Annotations.Count == 0 && ShmSize is null && Umask is null && this is
    {
        MemorySwap: null, MemoryReservation: null, CpuShares: null, CpuPeriod: null, CpusetCpus: null, CpusetMems: null, BlkioWeight: null, OomScoreAdj: null,
    };
}

/// <summary>A resource limit as asked for (getrlimit(2)).</summary>
/// <param name="Name">Docker's name: <c>nofile</c>.</param>
/// <param name="Soft">The limit in effect; <see cref="ulong.MaxValue"/> for unlimited.</param>
/// <param name="Hard">The limit to which the process itself may raise it.</param>
public sealed record UlimitRequest(string Name, ulong Soft, ulong Hard);
