using System.Net.Sockets;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Networks.Records;

/// <summary>A network: a bridge of the host that containers are on (<c>network.json</c>). The bridge is there as long as a container is on it.</summary>
public sealed record Network
{
    /// <summary>The version of this record's format that we write.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of this record's format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its id: 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Its addresses: one block of IPv4, one of IPv6, or one of each.</summary>
    public required IReadOnlyList<Subnet> Subnets { get; init; }

    /// <summary>Whether nothing leads out of it: its containers reach each other only.</summary>
    public bool IsInternal { get; init; }

    /// <summary>Whether its containers find each other by their names.</summary>
    public bool HasNames { get; init; } = true;

    /// <summary>Whether its containers reach what the host itself serves.</summary>
    public bool ReachesHost { get; init; }

    /// <summary>What its containers may reach by it; empty for everything.</summary>
    public IReadOnlyList<EgressRule> Allow { get; init; } = [];

    /// <summary>The beginning of the name of each of our bridges: rules for all of them name it.</summary>
    internal const string BridgePrefix = "poci";

    /// <summary>The name of its bridge on the host, at most 15 characters (IFNAMSIZ, netdevice(7)).</summary>
    public string Bridge => $"{BridgePrefix}{Id[..8]}";

    /// <summary>Whether it has addresses of IPv6.</summary>
    public bool HasV6 => Subnets.Any(subnet => subnet.Block.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6);
}
