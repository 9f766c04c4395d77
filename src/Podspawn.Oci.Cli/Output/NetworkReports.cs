using System.Globalization;
using System.Text.Json.Serialization;
using Podspawn.Oci.Cli.Templates;
using Podspawn.Oci.Networks.Records;

namespace Podspawn.Oci.Cli.Output;

/// <summary>A block of addresses of a network, with podman's names.</summary>
internal sealed record SubnetReport([property: JsonPropertyName("subnet")] string Subnet, [property: JsonPropertyName("gateway")] string Gateway);

/// <summary>A network as <c>network ls</c> and <c>network inspect</c> print it in JSON, with the names of podman's fields.</summary>
internal sealed record NetworkReport(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("driver")] string Driver,
    [property: JsonPropertyName("network_interface")] string NetworkInterface,
    [property: JsonPropertyName("created")] DateTimeOffset Created,
    [property: JsonPropertyName("subnets")] IReadOnlyList<SubnetReport> Subnets,
    [property: JsonPropertyName("ipv6_enabled")] bool Ipv6Enabled,
    [property: JsonPropertyName("internal")] bool Internal,
    [property: JsonPropertyName("dns_enabled")] bool DnsEnabled,
    [property: JsonPropertyName("labels")] IReadOnlyDictionary<string, string> Labels,
    [property: JsonPropertyName("options")] IReadOnlyDictionary<string, string> Options,
    [property: JsonPropertyName("reaches_host")] bool ReachesHost,
    [property: JsonPropertyName("allow")] IReadOnlyList<string> Allow,
    [property: JsonPropertyName("containers")] IReadOnlyList<string> Containers)
{
    /// <summary>The only driver that there is.</summary>
    internal const string OnlyDriver = "bridge";

    /// <summary>What one is called in messages.</summary>
    internal const string Group = "a network";

    /// <summary>A network as a template sees it: by docker's and podman's names for it there.</summary>
    internal static GoStruct Row(NetworkReport network) => JsonValues.Of(network, NetworkJson.Default.NetworkReport, Group, new Dictionary<string, GoValue>
    {
        ["Name"] = Text(network.Name),
        ["ID"] = Text(network.Id[..12]),
        ["Id"] = Text(network.Id),
        ["Driver"] = Text(network.Driver),
        ["Internal"] = new GoBool(network.Internal),
        ["IPv6Enabled"] = new GoBool(network.Ipv6Enabled),
        ["DNSEnabled"] = new GoBool(network.DnsEnabled),
        ["NetworkInterface"] = Text(network.NetworkInterface),
        ["Created"] = Text(network.Created.ToString("u", CultureInfo.InvariantCulture)),
        ["Labels"] = Text(string.Join(',', network.Labels.Select(label => $"{label.Key}={label.Value}"))),
    });

    internal static NetworkReport Of(Network network, IReadOnlyList<string> users) => new(
        network.Name, network.Id, OnlyDriver, network.Bridge, network.Created,
        [.. network.Subnets.Select(subnet => new SubnetReport(subnet.Block.ToString(), subnet.Gateway.ToString()))], network.HasV6, network.IsInternal, network.HasNames,
        network.Labels, new Dictionary<string, string>(), network.ReachesHost,
        [.. network.Allow.Select(rule => rule.Text)], users);

    private static GoText Text(string text) => new(text, Foreign: true);
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(NetworkReport))]
[JsonSerializable(typeof(IReadOnlyList<NetworkReport>))]
internal sealed partial class NetworkJson : JsonSerializerContext;
