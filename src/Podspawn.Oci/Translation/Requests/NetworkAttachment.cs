namespace Podspawn.Oci.Translation.Requests;

/// <summary>A network that a container is on.</summary>
/// <param name="Network">The network's name.</param>
public sealed record NetworkAttachment(string Network)
{
    /// <summary>Names that the container has on it beside its own.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The addresses that it was asked to have, at most one of each family; without one it gets a free one at each start.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The hardware address that it was asked to have, six bytes in hexadecimal with colons; null for a random one.</summary>
    public string? MacAddress { get; init; }
}

/// <summary>Ports of the host that lead to ports of a container (<c>-p</c>).</summary>
/// <param name="HostAddress">The host's address; null for every one.</param>
/// <param name="HostPort">The first port of the host, from 1; 0 for a free one at each start.</param>
/// <param name="ContainerPort">The first port of the container, from 1.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>sctp</c>.</param>
/// <param name="Range">How many ports in a row, from 1.</param>
public sealed record PublishedPort(string? HostAddress, int HostPort, int ContainerPort, string Protocol, int Range = 1)
{
    /// <summary>Whether it is at every address of the host.</summary>
    internal bool IsAnyAddress => HostAddress is null or "0.0.0.0" or "::";

    /// <summary>Whether it leads to a port of the container that another one begins with.</summary>
    internal bool Serves(PublishedPort other) =>
        Protocol == other.Protocol && other.ContainerPort >= ContainerPort && other.ContainerPort < ContainerPort + Range;
}
