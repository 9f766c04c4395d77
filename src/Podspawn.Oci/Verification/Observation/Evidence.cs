namespace Podspawn.Oci.Verification.Observation;

/// <summary>Everything that was seen of a container.</summary>
internal sealed record Evidence
{
    /// <summary>What the probe said; null where nobody was inside.</summary>
    public ProbeReport? Inside { get; init; }

    /// <summary>What the host saw; null where the container was gone before.</summary>
    public HostReport? Outside { get; init; }

    /// <summary>The namespaces of the host that looked.</summary>
    public required IReadOnlyDictionary<string, string> HostNamespaces { get; init; }

    /// <summary>The host's own uname: release and version.</summary>
    public required (string Release, string Version) HostKernel { get; init; }

    /// <summary>How the container ended; null where it goes on.</summary>
    public string? End { get; init; }
}
