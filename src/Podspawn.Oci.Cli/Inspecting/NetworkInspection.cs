using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Networks.Egress;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>What a container is connected to, in docker's and podman's fields.</summary>
internal static class NetworkInspection
{
    /// <summary>What docker calls a container's kind of network.</summary>
    internal static string ModeOf(ContainerDefinition definition) => definition.Network switch
    {
        NetworkMode.Host => "host",
        NetworkMode.Bridge => "bridge",
        NetworkMode.Container => $"container:{definition.Namespaces.NetworkOf?.Id}",
        NetworkMode.Path => $"ns:{definition.NetworkPath}",
        _ => "none",
    };

    /// <summary>The names of a container's networks.</summary>
    internal static IReadOnlyList<string> NamesOf(ContainerDefinition definition) => definition.Network switch
    {
        NetworkMode.Bridge => [.. definition.Attachments.Select(attachment => attachment.Network)],
        NetworkMode.None or NetworkMode.Host => [ModeOf(definition)],
        _ => [],
    };

    /// <summary>The networks of a container, with its addresses while it runs.</summary>
    internal static InspectedNetworks Of(Container container)
    {
        ContainerDefinition definition = container.Definition;
        ConnectionRecord? record = RecordOf(container);
        var networks = NamesOf(definition).ToDictionary(name => name, name => Of(name, definition, record));
        InspectedNetwork first = networks.Values.FirstOrDefault() ?? Of("", definition, record: null);
        return new InspectedNetworks(
            "", "", "", Bindings(PortsNow(definition, record)), "", first.Gateway, first.GlobalIPv6Address, first.GlobalIPv6PrefixLen, first.IPAddress, first.IPPrefixLen,
            first.IPv6Gateway, first.MacAddress, networks, EgressOf(definition, record));
    }

    // What its networks allow is theirs to show.
    private static InspectedEgress EgressOf(ContainerDefinition definition, ConnectionRecord? record)
    {
        RefusedConnections? refused = record is null ? null : RefusedConnections.Of(record);
        return new InspectedEgress(
            definition.Egress is null ? EgressConfig.Any : EgressConfig.Deny, [.. definition.Egress?.Allow.Select(rule => rule.Text) ?? []], refused?.Packets ?? 0,
            [.. refused?.Destinations.Select(to => new InspectedRefusal(to.Address, to.Port, to.Protocol, to.Packets)) ?? []]);
    }

    /// <summary>The ports of a container, by docker's keys.</summary>
    internal static IReadOnlyDictionary<string, IReadOnlyList<InspectedPort>> Bindings(IReadOnlyList<PublishedPort> ports) => ports.SelectMany(Each)
        .GroupBy(port => string.Create(CultureInfo.InvariantCulture, $"{port.ContainerPort}/{port.Protocol}"))
        .ToDictionary(same => same.Key, same => (IReadOnlyList<InspectedPort>)[.. same.Select(port => new InspectedPort(port.HostAddress ?? "", HostPortOf(port)))]);

    /// <summary>The ports of a container, in podman's fields.</summary>
    internal static IReadOnlyList<ListedPort> PortsOf(Container container) =>
        [.. PortsNow(container.Definition, RecordOf(container)).Select(Listed)];

    private static ListedPort Listed(PublishedPort port) => new(port.HostAddress ?? "", port.ContainerPort, port.HostPort, port.Range, port.Protocol);

    /// <summary>Ports as docker's column shows them.</summary>
    internal static string Column(IEnumerable<ListedPort> ports) => string.Join(", ", ports.Select(port => string.Create(
        CultureInfo.InvariantCulture, $"{Shown(port.HostIp)}:{Range(port.HostPort, port.Range)}->{Range(port.ContainerPort, port.Range)}/{port.Protocol}")));

    /// <summary>What a container is connected to at this moment; null where it does not run, or has no network of ours.</summary>
    internal static ConnectionRecord? RecordOf(Container container) => container.Definition.Network == NetworkMode.Bridge ? ConnectionRecord.Read(container.Paths.Network) : null;

    /// <summary>Each port by itself.</summary>
    internal static IEnumerable<PublishedPort> Each(PublishedPort port) => Enumerable.Range(0, port.Range)
        .Select(i => port with { HostPort = port.HostPort == 0 ? 0 : port.HostPort + i, ContainerPort = port.ContainerPort + i, Range = 1 });

    /// <summary>The ports with the numbers that they have at this moment.</summary>
    internal static IReadOnlyList<PublishedPort> PortsNow(ContainerDefinition definition, ConnectionRecord? record) => record?.Ports ?? definition.Ports;

    private static string HostPortOf(PublishedPort port) => port.HostPort == 0 ? "" : port.HostPort.ToString(CultureInfo.InvariantCulture);

    /// <summary>An address before a port.</summary>
    internal static string Shown(string? address) => string.IsNullOrEmpty(address) ? "0.0.0.0" : address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;

    private static string Range(int first, int range) => range == 1
        ? first.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{first}-{first + range - 1}");

    private static InspectedNetwork Of(string name, ContainerDefinition definition, ConnectionRecord? record)
    {
        Connection? connection = record?.Connections.FirstOrDefault(connection => connection.Network.Name == name);
        (Subnet? four, IPAddress? address4) = AddressOf(connection, AddressFamily.InterNetwork);
        (Subnet? six, IPAddress? address6) = AddressOf(connection, AddressFamily.InterNetworkV6);
        return new InspectedNetwork(
            connection?.Network.Id ?? name, "", four?.Gateway.ToString() ?? "", address4?.ToString() ?? "", four?.Block.PrefixLength ?? 0, six?.Gateway.ToString() ?? "",
            address6?.ToString() ?? "", six?.Block.PrefixLength ?? 0, connection?.MacAddress ?? "",
            connection?.Aliases ?? definition.Attachments.FirstOrDefault(attachment => attachment.Network == name)?.Aliases ?? []);
    }

    private static (Subnet? Subnet, IPAddress? Address) AddressOf(Connection? connection, AddressFamily family)
    {
        IPAddress? address = connection?.Addresses.FirstOrDefault(address => address.AddressFamily == family);
        return (address is null ? null : connection!.Network.Subnets.First(subnet => subnet.Block.Contains(address)), address);
    }
}
