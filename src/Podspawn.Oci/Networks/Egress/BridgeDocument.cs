using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using Podspawn.Oci.Networks.Records;

namespace Podspawn.Oci.Networks.Egress;

/// <summary>
/// The rules for the frames of a container on its bridge: it sends by its own addresses only, and whatever it sends to a neighbour, or a neighbour to it,
/// goes up to the host's routes, where the rules for addresses see it. A bridge would pass such frames on by itself; it would show them to those rules
/// with br_netfilter, which is not everywhere and holds for every bridge of the host.
/// </summary>
internal static class BridgeDocument
{
    internal static void Append(StringBuilder text, string table, IReadOnlyList<Connection> fenced)
    {
        Connection[] known = [.. fenced.Where(connection => connection is { HostIndex: > 0, MacAddress: not null, BridgeAddress: not null })];
        if (known.Length == 0)
            return;
        text.Append($"table bridge {table} {{\n");
        foreach (Connection connection in known)
            AppendSender(text, connection);
        // Before the bridge looks for the port of the address.
        text.Append(" chain prerouting {\n  type filter hook prerouting priority -300; policy accept;\n");
        foreach (Connection connection in known)
        {
            text.Append(CultureInfo.InvariantCulture, $"  iif {connection.HostIndex} goto {connection.Interface}\n");
            // Neighbours tell each other where they are; no router passes that on.
            text.Append($"  ether daddr {connection.MacAddress} icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert }} accept\n");
            text.Append($"  ether daddr {connection.MacAddress} ether type {{ ip, ip6 }} meta pkttype set host ether daddr set {connection.BridgeAddress}\n");
        }
        text.Append(" }\n}\n");
    }

    private static void AppendSender(StringBuilder text, Connection connection)
    {
        IPAddress? four = FenceDocument.AddressOf(connection, 4), six = FenceDocument.AddressOf(connection, 6);
        text.Append($" chain {connection.Interface} {{\n  ether saddr != {connection.MacAddress} counter drop\n");
        if (four is not null)
            text.Append($"  ether type arp arp saddr ether {connection.MacAddress} arp saddr ip {{ 0.0.0.0, {four} }} accept\n");
        if (six is not null)
        {
            string own = $"ip6 saddr {{ ::, fe80::/10, {six} }}";
            text.Append($"  {own} icmpv6 type {{ nd-neighbor-solicit, nd-router-solicit, mld-listener-report, mld2-listener-report }} accept\n");
            // The address that is told about begins 8 bytes into the message (RFC 4861, 4.4): its own, or one of its link alone.
            text.Append($"  {own} icmpv6 type nd-neighbor-advert @th,64,128 0x{BinaryPrimitives.ReadUInt128BigEndian(six.GetAddressBytes()):x} accept\n");
            text.Append($"  {own} icmpv6 type nd-neighbor-advert @th,64,10 0x3fa accept\n");
        }
        // A group, or all of them.
        text.Append("  ether daddr & 01:00:00:00:00:00 == 01:00:00:00:00:00 counter drop\n");
        foreach (string source in (string[])[.. four is null ? [] : (string[])[$"ip saddr {four}"], .. six is null ? [] : (string[])[$"ip6 saddr {six}"]])
            text.Append($"  {source} meta pkttype set host ether daddr set {connection.BridgeAddress} accept\n");
        text.Append("  counter drop\n }\n");
    }
}
