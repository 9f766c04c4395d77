namespace Podspawn.Oci.Verification.Expectations;

/// <summary>Where something answers, for a container to reach it or not.</summary>
internal sealed record EgressWays
{
    /// <summary>The addresses at which clouds serve metadata.</summary>
    public static IReadOnlyList<string> Metadata { get; } = ["169.254.169.254", "fd00:ec2::254"];

    /// <summary>The port there.</summary>
    public const int MetadataPort = 80;

    /// <summary>The address of another container on the network.</summary>
    public required string Neighbour { get; init; }

    /// <summary>A name of it that may be resolved.</summary>
    public required string NeighbourName { get; init; }

    /// <summary>A name of it that may not be.</summary>
    public required string OtherName { get; init; }

    /// <summary>Its address on the link (RFC 4291, 2.5.6); null where the network has no IPv6.</summary>
    public string? LinkLocal { get; init; }

    /// <summary>A port of it that is allowed by its address; 0 where what the network allows cannot be added to.</summary>
    public int OpenPort { get; init; }

    /// <summary>A port of it that is allowed by its name; 0 as above.</summary>
    public int NamedPort { get; init; }

    /// <summary>A port of it, of TCP and of UDP, that is not allowed.</summary>
    public required int ClosedPort { get; init; }

    /// <summary>A port of it at which a server of names would answer.</summary>
    public const int ServerPort = 53;

    /// <summary>The host's address on the network.</summary>
    public required string Gateway { get; init; }

    /// <summary>A port there.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>A port of the host's loopback device.</summary>
    public required int LoopbackPort { get; init; }

    /// <summary>The host's addresses on other networks, each with a port.</summary>
    public required IReadOnlyList<(string Address, int Port)> OtherGateways { get; init; }
}
