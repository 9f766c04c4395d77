using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using Podspawn.Oci.Networks.Records;

namespace Podspawn.Oci.Networks.Egress;

/// <summary>
/// The rules for each frame of a container, at the host's end of its interface and before its bridge: it sends by its own addresses only. The bridge hands
/// frames to groups of its own protocols (01:80:c2:00:00:0x, IEEE 802.1D) to the host past all rules that name the bridge.
/// </summary>
internal static class FrameDocument
{
    /// <summary>What hosts of one link say to each other by ICMPv6 (RFC 4861, RFC 3810).</summary>
    internal const string Discovery = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, mld-listener-report, mld2-listener-report }";

    // A request or an answer, filled up to the smallest frame.
    private const int LongestArp = 46;

    internal static void Append(StringBuilder text, string table, ConnectionRecord record)
    {
        Connection[] known = [.. HeldPolicy.Pinned(record).Where(connection => connection is { HostInterface: not null, MacAddress: not null })];
        if (known.Length == 0)
            return;
        text.Append($"table netdev {table} {{\n");
        foreach (Connection connection in known)
            AppendSender(text, connection, isFenced: HeldPolicy.Of(record, connection).Count > 0);
        text.Append("}\n");
    }

    private static void AppendSender(StringBuilder text, Connection connection, bool isFenced)
    {
        IPAddress? four = FenceDocument.AddressOf(connection, 4), six = FenceDocument.AddressOf(connection, 6);
        IPAddress link = LinkLocal(connection.MacAddress!);
        text.Append($" chain {connection.Interface} {{\n  type filter hook ingress device \"{connection.HostInterface}\" priority -500; policy accept;\n");
        // A frame with a tag of a virtual network is of none of these types.
        text.Append($"  ether type != {{ ip, ip6, arp }} counter drop\n  ether saddr != {connection.MacAddress} counter drop\n");
        text.Append("  ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 counter drop\n");
        if (four is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"  ether type arp meta length <= {LongestArp} arp saddr ether {connection.MacAddress} ");
            text.Append($"arp saddr ip {{ 0.0.0.0, {four} }} accept\n");
        }
        if (six is not null)
        {
            string own = $"ip6 saddr {{ ::, {link}, {six} }} ip6 hoplimit 255";
            text.Append($"  {own} icmpv6 type {{ nd-neighbor-solicit, nd-router-solicit }} accept\n");
            // The address that is told about begins 8 bytes into the message (RFC 4861, 4.4).
            foreach (IPAddress target in new[] { six, link })
                text.Append($"  {own} icmpv6 type nd-neighbor-advert @th,64,128 0x{BinaryPrimitives.ReadUInt128BigEndian(target.GetAddressBytes()):x} accept\n");
            text.Append($"  ip6 saddr {{ ::, {link} }} icmpv6 type {{ mld-listener-report, mld2-listener-report }} accept\n");
            text.Append($"  {Discovery} counter drop\n");
        }
        // A group, or all of them.
        if (isFenced)
            text.Append("  ether daddr & 01:00:00:00:00:00 == 01:00:00:00:00:00 counter drop\n");
        if (four is not null)
            text.Append($"  ip saddr {four} accept\n");
        if (six is not null)
            text.Append(isFenced ? $"  ip6 saddr {six} accept\n" : $"  ip6 saddr {{ {link}, {six} }} accept\n");
        text.Append("  counter drop\n }\n");
    }

    /// <summary>What the kernel and gVisor make of a hardware address (RFC 4291, appendix A).</summary>
    internal static IPAddress LinkLocal(string mac)
    {
        byte[] bytes = [.. mac.Split(':').Select(part => Convert.ToByte(part, 16))];
        return new IPAddress([0xfe, 0x80, 0, 0, 0, 0, 0, 0, (byte)(bytes[0] ^ 2), bytes[1], bytes[2], 0xff, 0xfe, bytes[3], bytes[4], bytes[5]]);
    }
}
