using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Networks;

/// <summary>What a new network is to be.</summary>
public sealed record NetworkRequest
{
    /// <summary>Its name; null for one of podman's kind, <c>podman1</c> and so on.</summary>
    public string? Name { get; init; }

    /// <summary>Blocks of addresses, such as 10.1.2.0/24; without any a free one is taken.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];

    /// <summary>The host's addresses in them, in the same order; without one the first of the block.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>Whether it has addresses of IPv6.</summary>
    public bool HasV6 { get; init; }

    /// <summary>Whether nothing leads out of it.</summary>
    public bool IsInternal { get; init; }

    /// <summary>Whether its containers find each other by their names.</summary>
    public bool HasNames { get; init; } = true;

    /// <summary>Whether its containers reach what the host itself serves.</summary>
    public bool ReachesHost { get; init; }

    /// <summary>What its containers may reach by it; empty for everything.</summary>
    public IReadOnlyList<EgressRule> Allow { get; init; } = [];

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
