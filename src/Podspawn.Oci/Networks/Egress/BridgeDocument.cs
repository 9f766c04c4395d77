using System.Globalization;
using System.Text;
using Podspawn.Oci.Networks.Records;

namespace Podspawn.Oci.Networks.Egress;

/// <summary>
/// The rules for the frames of a container on its bridge: whatever it sends to a neighbour, or a neighbour to it, goes up to the host's routes, where the
/// rules for addresses see it. A bridge would pass such frames on by itself; it would show them to those rules with br_netfilter, which is not everywhere
/// and holds for every bridge of the host.
/// </summary>
internal static class BridgeDocument
{
    internal static void Append(StringBuilder text, string table, IReadOnlyList<Connection> fenced)
    {
        Connection[] known = [.. fenced.Where(connection => connection is { HostIndex: > 0, MacAddress: not null, BridgeAddress: not null })];
        if (known.Length == 0)
            return;
        // Before the bridge looks for the port of the address.
        text.Append($"table bridge {table} {{\n chain prerouting {{\n  type filter hook prerouting priority -300; policy accept;\n");
        foreach (Connection connection in known)
        {
            string up = $"meta pkttype set host ether daddr set {connection.BridgeAddress}";
            // Neighbours tell each other where they are; no router passes that on. What may be told is looked at before.
            text.Append(CultureInfo.InvariantCulture, $"  iif {connection.HostIndex} ether type arp accept\n");
            text.Append(CultureInfo.InvariantCulture, $"  iif {connection.HostIndex} {FrameDocument.Discovery} accept\n");
            text.Append(CultureInfo.InvariantCulture, $"  iif {connection.HostIndex} {up} accept\n");
            text.Append($"  ether daddr {connection.MacAddress} icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert }} accept\n");
            text.Append($"  ether daddr {connection.MacAddress} ether type {{ ip, ip6 }} {up}\n");
        }
        text.Append(" }\n}\n");
    }
}
