using System.Buffers;
using System.Text.Json;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Networks;

/// <summary>
/// The document that netavark reads (its <c>NetworkOptions</c>). A network is called by its bridge there: netavark names its chains by it, and two data
/// directories may each have a network of one name.
/// </summary>
internal static class NetavarkRequest
{
    internal static ReadOnlyMemory<byte> Of(ConnectionRecord record)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("container_id"u8, record.Id);
            json.WriteString("container_name"u8, Lower(record.Name));
            json.WriteStartObject("networks"u8);
            foreach (Connection connection in record.Connections)
                WriteConnection(json, connection);
            json.WriteEndObject();
            json.WriteStartObject("network_info"u8);
            foreach (Connection connection in record.Connections)
                WriteNetwork(json, connection.Network);
            json.WriteEndObject();
            if (record.Upstreams.Count > 0)
                json.WriteTexts("dns_servers"u8, record.Upstreams);
            if (record.Ports.Count > 0)
                json.WriteObjects("port_mappings"u8, record.Ports, WritePort);
            json.WriteEndObject();
        }
        return bytes.WrittenMemory;
    }

    private static void WriteConnection(Utf8JsonWriter json, Connection connection)
    {
        json.WriteStartObject(connection.Network.Bridge);
        json.WriteString("interface_name"u8, connection.Interface);
        json.WriteTexts("static_ips"u8, [.. connection.Addresses.Select(address => address.ToString())]);
        json.WriteTextOrNothing("static_mac"u8, connection.MacAddress);
        json.WriteTexts("aliases"u8, [.. connection.Aliases.Select(Lower)]);
        json.WriteEndObject();
    }

    // The server of names looks for the small letters of what it is asked for (RFC 4343).
#pragma warning disable CA1308 // not for a comparison: another program reads it
    private static string Lower(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308

    private static void WriteNetwork(Utf8JsonWriter json, Network network)
    {
        json.WriteStartObject(network.Bridge);
        json.WriteString("name"u8, network.Bridge);
        json.WriteString("id"u8, network.Id);
        json.WriteString("driver"u8, "bridge"u8);
        json.WriteString("network_interface"u8, network.Bridge);
        json.WriteObjects("subnets"u8, network.Subnets, (fields, subnet) =>
        {
            fields.WriteString("subnet"u8, subnet.Block.ToString());
            fields.WriteString("gateway"u8, subnet.Gateway.ToString());
        });
        json.WriteBoolean("ipv6_enabled"u8, network.HasV6);
        json.WriteBoolean("internal"u8, network.IsInternal);
        json.WriteBoolean("dns_enabled"u8, network.HasNames);
        json.WriteStartObject("ipam_options"u8);
        json.WriteString("driver"u8, "host-local"u8);
        json.WriteEndObject();
        json.WriteStartObject("options"u8);
        json.WriteString("isolate"u8, "true"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WritePort(Utf8JsonWriter json, PublishedPort port)
    {
        // netavark takes 0.0.0.0 and :: for the very addresses.
        json.WriteString("host_ip"u8, port.IsAnyAddress ? "" : port.HostAddress);
        json.WriteNumber("host_port"u8, port.HostPort);
        json.WriteNumber("container_port"u8, port.ContainerPort);
        json.WriteString("protocol"u8, port.Protocol);
        json.WriteNumber("range"u8, port.Range);
    }
}
