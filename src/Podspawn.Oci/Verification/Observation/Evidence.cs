namespace Podspawn.Oci.Verification.Observation;

/// <summary>Everything that was observed of a container.</summary>
internal sealed record Evidence
{
    /// <summary>The probe's report; null where no probe was inside.</summary>
    public ProbeReport? Inside { get; init; }

    /// <summary>The host's report; null where the container had already ended.</summary>
    public HostReport? Outside { get; init; }

    /// <summary>What stands between it and what it may not reach; null where that was not to be seen.</summary>
    public FenceReport? Fence { get; init; }

    /// <summary>The namespaces of the host process that observed.</summary>
    public required IReadOnlyDictionary<string, string> HostNamespaces { get; init; }

    /// <summary>The host's own uname: release and version.</summary>
    public required (string Release, string Version) HostKernel { get; init; }

    /// <summary>How the container ended; null where it is still running.</summary>
    public string? End { get; init; }
}
