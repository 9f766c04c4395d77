using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Lifecycle.Updating;

/// <summary>The changes to a container, as typed; null for what stays.</summary>
public sealed record UpdateRequest
{
    /// <summary><c>--pids-limit</c>.</summary>
    public long? PidsLimit { get; init; }

    /// <summary><c>--memory</c>.</summary>
    public string? Memory { get; init; }

    /// <summary><c>--cpus</c>.</summary>
    public string? Cpus { get; init; }

    /// <summary><c>--cpu-quota</c>.</summary>
    public long? CpuQuota { get; init; }

    /// <summary>The other limits.</summary>
    public ResourceOptions Resources { get; init; } = new();

    /// <summary><c>--restart</c>.</summary>
    public string? Restart { get; init; }

    /// <summary>Whether a limit changes.</summary>
    internal bool ChangesLimits => PidsLimit is not null || ChangesMemory || ChangesCpus || Resources.BlkioWeight is not null;

    /// <summary>Whether a limit of the memory controller changes.</summary>
    internal bool ChangesMemory => Memory is not null || Resources.MemorySwap is not null || Resources.MemoryReservation is not null;

    /// <summary>Whether a limit on processors changes.</summary>
    internal bool ChangesCpus => ChangesQuota || Resources is not { CpuShares: null, CpusetCpus: null, CpusetMems: null };

    /// <summary>Whether the quota on processors, or its period, changes.</summary>
    internal bool ChangesQuota => Cpus is not null || CpuQuota is not null || Resources.CpuPeriod is not null;
}
