using System.Net;
using System.Text.Json;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Networks.Records;

/// <summary>Reads and writes the record of a network.</summary>
internal static class NetworkFields
{
    private const int Largest = 1 << 20;

    /// <summary>The record; null where there is none, or where another version of this program has written it in another format.</summary>
    internal static Network? Read(NetworkPaths paths)
    {
        Network? read = SmallFile.ReadBytes(paths.Record, Largest) is { } json ? RecordFields.Parse(json.Span, Read) : null;
        return read?.Version == Network.CurrentVersion ? read with { Name = paths.Name } : null;
    }

    /// <summary>Writes the record, which appears complete or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static void Write(NetworkPaths paths, Network network)
    {
        try
        {
            PendingFile.Write(paths.Record, RecordFields.Serialize(network, Write));
        }
        catch (IOException e)
        {
            throw new IOException($"{paths.Record}: cannot be written: {e.Message}; make room, and its filesystem writable", e);
        }
    }

    internal static Network Read(JsonElement record) => new()
    {
        Version = record.Number("version"u8),
        Name = NetworkName.Check(record.Text("name"u8)),
        Id = record.Text("id"u8) is { Length: 64 } id && id.All(char.IsAsciiHexDigitLower) ? id : throw new FormatException("an id is none"),
        Created = record.Needed("created"u8).GetDateTimeOffset(),
        Labels = record.Pairs("labels"u8),
        Subnets = record.Objects("subnets"u8, ReadSubnet),
        IsInternal = record.Flag("internal"u8),
        HasNames = record.Flag("names"u8),
        ReachesHost = record.Flag("reachesHost"u8),
        Allow = EgressPolicy.Of(record.Texts("allow"u8)).Allow,
    };

    internal static void Write(Utf8JsonWriter json, Network network)
    {
        json.WriteNumber("version"u8, network.Version);
        json.WriteString("name"u8, network.Name);
        json.WriteString("id"u8, network.Id);
        json.WriteString("created"u8, network.Created);
        json.WritePairs("labels"u8, network.Labels);
        json.WriteObjects("subnets"u8, network.Subnets, WriteSubnet);
        json.WriteBoolean("internal"u8, network.IsInternal);
        json.WriteBoolean("names"u8, network.HasNames);
        json.WriteBoolean("reachesHost"u8, network.ReachesHost);
        if (network.Allow.Count > 0)
            json.WriteTexts("allow"u8, [.. network.Allow.Select(rule => rule.Text)]);
    }

    private static Subnet ReadSubnet(JsonElement subnet) => new(IPNetwork.Parse(subnet.Text("block"u8)), IPAddress.Parse(subnet.Text("gateway"u8)));

    private static void WriteSubnet(Utf8JsonWriter json, Subnet subnet)
    {
        json.WriteString("block"u8, subnet.Block.ToString());
        json.WriteString("gateway"u8, subnet.Gateway.ToString());
    }
}
