using System.Net;
using System.Text.Json;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Networks.Records;

/// <summary>A network that a container is on at this moment.</summary>
/// <param name="Network">The network, as it was then.</param>
/// <param name="Interface">The name of the interface inside.</param>
/// <param name="Addresses">The container's addresses, one of each block.</param>
/// <param name="Aliases">Its names there beside its own.</param>
internal sealed record Connection(Network Network, string Interface, IReadOnlyList<IPAddress> Addresses, IReadOnlyList<string> Aliases)
{
    /// <summary>The hardware address of the interface; null where it is to be random, and is not known yet.</summary>
    internal string? MacAddress { get; init; }

    /// <summary>The number of the host's end of the interface (ifindex); 0 where nothing needs it.</summary>
    internal int HostIndex { get; init; }

    /// <summary>The name of the host's end; null where nothing needs it.</summary>
    internal string? HostInterface { get; init; }

    /// <summary>The hardware address of the bridge; null where nothing needs it.</summary>
    internal string? BridgeAddress { get; init; }

    /// <summary>The addresses of the server of names.</summary>
    internal IReadOnlyList<string> Servers { get; init; } = [];

    /// <summary>The domains in which names are searched.</summary>
    internal IReadOnlyList<string> Domains { get; init; } = [];
}

/// <summary>
/// What a container is connected to while it runs (<c>network.json</c> in its directory): all that is needed to undo it, whatever becomes of the networks
/// meanwhile.
/// </summary>
internal sealed record ConnectionRecord
{
    private const int Largest = 4 << 20;

    /// <summary>The directory of all networks.</summary>
    internal required string Places { get; init; }

    /// <summary>The container's id.</summary>
    internal required string Id { get; init; }

    /// <summary>The container's name.</summary>
    internal required string Name { get; init; }

    /// <summary>The networks.</summary>
    internal required IReadOnlyList<Connection> Connections { get; init; }

    /// <summary>The host's ports that lead to it, each with its number.</summary>
    internal IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    /// <summary>The servers that are asked for names which no container has; without any those of the host.</summary>
    internal IReadOnlyList<string> Upstreams { get; init; } = [];

    /// <summary>What it may reach by any of them; null for everything.</summary>
    internal EgressPolicy? Egress { get; init; }

    /// <summary>Whether it may send frames of its own making.</summary>
    internal bool SendsFrames { get; init; }

    /// <summary>The port of the gateways at which its own server of names listens; 0 for none.</summary>
    internal int NamesPort { get; init; }

    /// <summary>The record at a path; null where there is none.</summary>
    internal static ConnectionRecord? Read(string path) => SmallFile.ReadBytes(path, Largest) is { } json ? RecordFields.Parse(json.Span, Read) : null;

    /// <summary>Writes the record, which appears complete or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Write(string path)
    {
        try
        {
            PendingFile.Write(path, RecordFields.Serialize(this, Write));
        }
        catch (IOException e)
        {
            throw new IOException($"{path}: cannot be written: {e.Message}; make room, and its filesystem writable", e);
        }
    }

    private static ConnectionRecord Read(JsonElement record) => new()
    {
        Places = record.Text("places"u8),
        Id = record.Text("id"u8),
        Name = record.Text("name"u8),
        Connections = record.Objects("connections"u8, ReadConnection),
        Ports = AttachmentFields.ReadPorts(record),
        Upstreams = record.Texts("upstreams"u8),
        Egress = AttachmentFields.ReadEgress(record),
        SendsFrames = record.Flag("sendsFrames"u8),
        NamesPort = record.Number("namesPort"u8, otherwise: 0),
    };

    private static void Write(Utf8JsonWriter json, ConnectionRecord record)
    {
        json.WriteString("places"u8, record.Places);
        json.WriteString("id"u8, record.Id);
        json.WriteString("name"u8, record.Name);
        json.WriteObjects("connections"u8, record.Connections, WriteConnection);
        AttachmentFields.WritePorts(json, record.Ports);
        json.WriteTexts("upstreams"u8, record.Upstreams);
        AttachmentFields.WriteEgress(json, record.Egress);
        json.WriteBoolean("sendsFrames"u8, record.SendsFrames);
        json.WriteNumber("namesPort"u8, record.NamesPort);
    }

    private static Connection ReadConnection(JsonElement connection) => new(
        NetworkFields.Read(connection.Needed("network"u8)), connection.Text("interface"u8), [.. connection.Texts("addresses"u8).Select(IPAddress.Parse)],
        connection.Texts("aliases"u8))
    {
        MacAddress = connection.TextOrNull("mac"u8),
        HostIndex = connection.Number("hostIndex"u8, otherwise: 0),
        HostInterface = connection.TextOrNull("hostInterface"u8),
        BridgeAddress = connection.TextOrNull("bridgeAddress"u8),
        Servers = connection.Texts("servers"u8),
        Domains = connection.Texts("domains"u8),
    };

    private static void WriteConnection(Utf8JsonWriter json, Connection connection)
    {
        json.WriteStartObject("network"u8);
        NetworkFields.Write(json, connection.Network);
        json.WriteEndObject();
        json.WriteString("interface"u8, connection.Interface);
        json.WriteTexts("addresses"u8, [.. connection.Addresses.Select(address => address.ToString())]);
        json.WriteTexts("aliases"u8, connection.Aliases);
        json.WriteTextOrNothing("mac"u8, connection.MacAddress);
        json.WriteNumber("hostIndex"u8, connection.HostIndex);
        json.WriteTextOrNothing("hostInterface"u8, connection.HostInterface);
        json.WriteTextOrNothing("bridgeAddress"u8, connection.BridgeAddress);
        json.WriteTexts("servers"u8, connection.Servers);
        json.WriteTexts("domains"u8, connection.Domains);
    }
}
