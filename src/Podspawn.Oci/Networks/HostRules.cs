using System.Text;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.Networks.Tools;

namespace Podspawn.Oci.Networks;

/// <summary>
/// The table of nftables that closes a network off: from its containers to what the host itself serves, and to the containers of other networks. One
/// table for each bridge, put there as a whole. netavark separates networks as well; this holds where its rules are gone.
/// </summary>
internal static class HostRules
{
    /// <summary>Puts the rules of a network in place, which replace earlier ones.</summary>
    /// <exception cref="NetworkException">nft fails; nothing has changed.</exception>
    internal static void Apply(Network network) => Nft.Load(Document(network));

    /// <summary>Takes the rules of a network away; where there are none, nothing is done.</summary>
    internal static void Remove(Network network) => Nft.Load($"add table inet {TableOf(network)}\ndelete table inet {TableOf(network)}\n");

    /// <summary>Whether the rules of a network are in place.</summary>
    /// <param name="network">The network.</param>
    /// <param name="tables">What <see cref="Nft.Tables"/> has found.</param>
    internal static bool Stand(Network network, IReadOnlySet<string> tables) => tables.Contains($"inet {TableOf(network)}");

    /// <summary>The rules, as nft(8) reads them.</summary>
    internal static string Document(Network network)
    {
        string table = TableOf(network), bridge = $"\"{network.Bridge}\"", ours = $"\"{Network.BridgePrefix}*\"";
        var text = new StringBuilder();
        // The first line makes the second one right whether there is a table or not; all lines are one transaction.
        text.Append($"add table inet {table}\ndelete table inet {table}\ntable inet {table} {{\n");
        AppendSources(text, network, bridge);
        if (!network.ReachesHost)
        {
            text.Append(" chain input {\n  type filter hook input priority filter - 5; policy accept;\n");
            text.Append($"  iifname != {bridge} accept\n");
            // Connections of the host's own. A container cannot make one look so, since no source but its own passes the chain above.
            text.Append("  ct state established,related accept\n");
            // The server of names listens on the host's addresses in this very network.
            if (network.HasNames)
                text.Append("  meta l4proto { tcp, udp } th dport 53 fib daddr . iif type local accept\n");
            // That of one container alone listens at another port.
            foreach (string protocol in (string[])["tcp", "udp"])
                text.Append($"  meta l4proto {protocol} ct status dnat ct original proto-dst 53 fib daddr . iif type local accept\n");
            // Without them an address of IPv6 has no neighbour (RFC 4861).
            text.Append("  icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit } accept\n");
            text.Append("  counter drop\n }\n");
        }
        text.Append(" chain forward {\n  type filter hook forward priority filter - 5; policy accept;\n");
        text.Append($"  iifname {bridge} oifname {bridge} accept\n");
        // Meant for one link alone. The kernel follows no connection of theirs, so that the rules below would not see them.
        foreach (string side in (string[])["iifname", "oifname"])
            text.Append($"  {side} {bridge} icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert, nd-redirect }} counter drop\n");
        text.Append($"  iifname {bridge} oifname {ours} counter drop\n");
        text.Append($"  iifname {ours} oifname {bridge} counter drop\n");
        // Who has the host as a router reaches published ports only.
        text.Append($"  oifname {bridge} ct state new ct status ! dnat counter drop\n");
        if (network.IsInternal)
            text.Append($"  iifname {bridge} counter drop\n  oifname {bridge} counter drop\n");
        text.Append(" }\n}\n");
        return text.ToString();
    }

    // Before the kernel takes notice of a connection. With a source of the host's, a container could make the kernel take its next packet to the host for
    // an answer; and the bridge takes any address of the host's, its loopback's too where a port is published.
    private static void AppendSources(StringBuilder text, Network network, string bridge)
    {
        text.Append(" chain prerouting {\n  type filter hook prerouting priority raw - 5; policy accept;\n");
        text.Append($"  iifname != {bridge} accept\n");
        text.Append("  fib saddr type local counter drop\n  fib saddr . iif type local counter drop\n");
        text.Append("  ip daddr 127.0.0.0/8 counter drop\n  ip6 daddr ::1 counter drop\n");
        // What would change the host's routes.
        text.Append("  icmp type redirect counter drop\n  icmpv6 type { nd-router-advert, nd-redirect } counter drop\n");
        string[] four = [.. network.Subnets.Where(subnet => !subnet.IsV6).Select(subnet => subnet.ToString())];
        string[] six = [.. network.Subnets.Where(subnet => subnet.IsV6).Select(subnet => subnet.ToString())];
        text.Append(four.Length == 0 ? "  meta nfproto ipv4 counter drop\n" : $"  ip saddr != {{ {string.Join(", ", four)} }} counter drop\n");
        text.Append(six.Length == 0 ? "  meta nfproto ipv6 counter drop\n" : $"  ip6 saddr != {{ ::, fe80::/10, {string.Join(", ", six)} }} counter drop\n");
        text.Append(" }\n");
    }

    private static string TableOf(Network network) => $"podspawn_oci_{network.Id[..8]}";
}
