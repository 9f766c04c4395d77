using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Networks.Egress;

/// <summary>
/// The rules of nftables for what a container may reach, as nft(8) reads them. They stand on the host's side of its interfaces, so that they hold for
/// gVisor, which sends past the rules of its namespace, and for a container that has NET_ADMIN or NET_RAW.
/// </summary>
internal static class FenceDocument
{
    // Answers are given for no longer than this, so that nobody relies on one whose address is closed again.
    internal const int ResolvedSeconds = 60;

    // The kernel does not renew an element that is there when it is added again (before Linux 6.12 never, later only with a time of its own): an address that
    // is in use would be closed in the middle. One that was connected to while it was open stays open for this long.
    internal const int UsedSeconds = 2 * ResolvedSeconds;

    private const int MostAddresses = 65536;
    private const int MostRefused = 256;

    // What no name leads to, whatever its owner answers: the host's own, neighbours without a router, groups, and where clouds tell machines their secrets.
    private static readonly string[] Special4 =
        ["0.0.0.0/8", "100.100.100.200/32", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "192.0.0.192/32", "224.0.0.0/3"];

    private static readonly string[] Special6 =
        ["::/96", "64:ff9b::a9fe:0/112", "64:ff9b::7f00:0/104", "::ffff:0:0/96", "fd00:ec2::254/128", "fd20:ce::254/128", "fe80::/10", "ff00::/8"];

    /// <summary>The families of tables that a container with a policy has.</summary>
    internal static readonly string[] Families = ["inet", "bridge", "netdev"];

    /// <summary>The name of the tables.</summary>
    internal static string TableOf(string container) => $"podspawn_oci_out_{container[..12]}";

    /// <summary>Takes them away, if they are there.</summary>
    internal static string Removal(string container) =>
        string.Concat(Families.Select(family => $"add table {family} {TableOf(container)}\ndelete table {family} {TableOf(container)}\n"));

    /// <summary>Puts them in place, as one transaction, in place of earlier ones.</summary>
    internal static string Of(ConnectionRecord record)
    {
        var text = new StringBuilder(Removal(record.Id));
        FrameDocument.Append(text, TableOf(record.Id), record);
        IReadOnlyList<Connection> fenced = HeldPolicy.Fenced(record);
        if (fenced.Count == 0)
            return text.ToString();
        text.Append($"table inet {TableOf(record.Id)} {{\n");
        AppendRefusal(text);
        IPNetwork[] own = [.. record.Connections.SelectMany(connection => connection.Network.Subnets).Select(subnet => subnet.Block)];
        foreach (HeldPolicy policy in HeldPolicy.AllOf(record))
            AppendPolicy(text, policy, own);
        foreach (Connection connection in fenced)
            AppendConnection(text, record, connection);
        // Behind the translation of destinations, for what is forwarded and for the host alike; and before the kernel thinks about a redirect, which would
        // use up the few messages that tell a sender of refusals.
        AppendHook(text, "out", "filter hook prerouting priority dstnat + 10", fenced, (connection, _) => $"goto {connection.Interface}_out");
        if (record.NamesPort > 0)
        {
            AppendHook(text, "names", "nat hook prerouting priority dstnat - 5", fenced, (connection, address) => Redirection(connection, address, record.NamesPort));
            AppendNamesDoor(text, record, fenced);
        }
        // All that it sends takes the way through the host, also to a neighbour, whom the kernel would tell it to ask directly.
        text.Append(" chain output {\n  type filter hook output priority filter; policy accept;\n");
        foreach (Connection connection in fenced)
            text.Append($"  oifname \"{connection.Network.Bridge}\" icmp type redirect drop\n  oifname \"{connection.Network.Bridge}\" icmpv6 type nd-redirect drop\n");
        text.Append(" }\n}\n");
        BridgeDocument.Append(text, TableOf(record.Id), fenced);
        return text.ToString();
    }

    /// <summary>The address of a connection in a family of addresses; null for none.</summary>
    internal static IPAddress? AddressOf(Connection connection, int family) =>
        connection.Addresses.FirstOrDefault(address => address.AddressFamily == (family == 4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6));

    /// <summary>The gateway at which a container asks for names.</summary>
    internal static IPAddress ServerOf(Network network) => (network.Subnets.FirstOrDefault(subnet => !subnet.IsV6) ?? network.Subnets[0]).Gateway;

    private static void AppendRefusal(StringBuilder text)
    {
        text.Append(" counter refused { }\n");
        foreach (int family in new[] { 4, 6 })
        {
            text.Append(CultureInfo.InvariantCulture, $" set refused_{family} {{\n  type ipv{family}_addr . inet_proto . inet_service\n");
            text.Append(CultureInfo.InvariantCulture, $"  size {MostRefused}\n  flags dynamic\n  counter\n }}\n");
        }
        text.Append(" chain refuse {\n  counter name refused\n");
        text.Append("  meta nfproto ipv4 meta l4proto { tcp, udp } add @refused_4 { ip daddr . meta l4proto . th dport }\n");
        text.Append("  meta nfproto ipv6 meta l4proto { tcp, udp } add @refused_6 { ip6 daddr . meta l4proto . th dport }\n");
        text.Append("  meta l4proto tcp reject with tcp reset\n  reject with icmpx admin-prohibited\n }\n");
    }

    private static void AppendPolicy(StringBuilder text, HeldPolicy policy, IPNetwork[] own)
    {
        for (int i = 0; i < policy.Patterns.Count; i++)
        {
            foreach (int family in new[] { 4, 6 })
            {
                AppendSet(text, policy.ResolvedSet(i, family), family, "timeout", ResolvedSeconds);
                AppendSet(text, policy.UsedSet(i, family), family, "dynamic,timeout", UsedSeconds);
            }
        }
        text.Append($" chain policy_{policy.Key} {{\n");
        EgressRule[] blocks = [.. policy.Rules.Where(rule => rule.Block is not null)];
        // A wide block does not mean these; who names them means them.
        foreach (EgressRule rule in blocks.Where(rule => IsSpecial(rule.Block!.Value)))
            AppendBlock(text, rule);
        text.Append($"  ip daddr {{ {string.Join(", ", Special4)} }} goto refuse\n  ip6 daddr {{ {string.Join(", ", Special6)} }} goto refuse\n");
        foreach (EgressRule rule in blocks.Where(rule => !IsSpecial(rule.Block!.Value)))
            AppendBlock(text, rule);
        // The owner of a name elsewhere cannot open a neighbour by it.
        AppendNames(text, policy, ofNetwork: true);
        foreach (IPNetwork block in own)
            text.Append($"  {Family(block.BaseAddress)} daddr {block} goto refuse\n");
        AppendNames(text, policy, ofNetwork: false);
        text.Append("  goto refuse\n }\n");
    }

    private static void AppendSet(StringBuilder text, string name, int family, string flags, int seconds) => text.Append(
        CultureInfo.InvariantCulture, $" set {name} {{\n  type ipv{family}_addr\n  size {MostAddresses}\n  flags {flags}\n  timeout {seconds}s\n }}\n");

    private static bool IsSpecial(IPNetwork block) => Special4.Concat(Special6).Select(text => IPNetwork.Parse(text))
        .Any(special => special.BaseAddress.AddressFamily == block.BaseAddress.AddressFamily && special.PrefixLength <= block.PrefixLength && special.Contains(block.BaseAddress));

    private static void AppendBlock(StringBuilder text, EgressRule rule)
    {
        IPNetwork block = rule.Block!.Value;
        text.Append($"  {Family(block.BaseAddress)} daddr {block} {Ports(rule, block.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 4 : 6)}return\n");
    }

    private static void AppendNames(StringBuilder text, HeldPolicy policy, bool ofNetwork)
    {
        foreach (EgressRule rule in policy.Rules.Where(rule => rule.Pattern is not null && EgressRule.IsOfNetwork(rule.Pattern) == ofNetwork))
        {
            int pattern = policy.Patterns.Index().First(item => item.Item == rule.Pattern).Index;
            foreach (int family in new[] { 4, 6 })
            {
                string address = family == 4 ? "ip daddr" : "ip6 daddr", resolved = policy.ResolvedSet(pattern, family), used = policy.UsedSet(pattern, family);
                text.Append($"  {address} @{resolved} {Ports(rule, family)}update @{used} {{ {address} }}\n");
                text.Append($"  {address} @{resolved} {Ports(rule, family)}return\n  {address} @{used} {Ports(rule, family)}return\n");
            }
        }
    }

    private static void AppendConnection(StringBuilder text, ConnectionRecord record, Connection connection)
    {
        text.Append($" chain {connection.Interface}_out {{\n  ct state established accept\n");
        // A message about a connection, which has to be its own: whose it is stands in the message, and anybody can write that.
        foreach (IPAddress address in connection.Addresses)
            text.Append($"  ct state related ct original {Family(address)} saddr {address} accept\n  ct state related ct reply {Family(address)} saddr {address} accept\n");
        text.Append("  ct state invalid counter drop\n");
        if (record.NamesPort > 0)
        {
            IPAddress server = ServerOf(connection.Network);
            text.Append(CultureInfo.InvariantCulture, $"  {Family(server)} daddr {server} meta l4proto {{ tcp, udp }} th dport {record.NamesPort} ct status dnat accept\n");
        }
        // Without them the gateway has no neighbour (RFC 4861). The kernel follows no connection of theirs, and would pass them on to anybody.
        foreach (Subnet subnet in connection.Network.Subnets.Where(subnet => subnet.IsV6))
            text.Append($"  {FrameDocument.Discovery} ip6 hoplimit 255 ip6 daddr {{ fe80::/10, ff02::/16, {subnet.Block} }} accept\n");
        foreach (HeldPolicy policy in HeldPolicy.Of(record, connection))
            text.Append($"  jump policy_{policy.Key}\n");
        text.Append("  accept\n }\n");
    }

    // Nobody else asks its server of names, and opens addresses for it.
    private static void AppendNamesDoor(StringBuilder text, ConnectionRecord record, IReadOnlyList<Connection> fenced)
    {
        text.Append(" chain door {\n  type filter hook input priority filter - 7; policy accept;\n");
        foreach (Connection connection in fenced)
        {
            IPAddress server = ServerOf(connection.Network);
            string own = string.Join(", ", connection.Addresses.Where(address => address.AddressFamily == server.AddressFamily));
            string port = string.Create(CultureInfo.InvariantCulture, $"meta l4proto {{ tcp, udp }} th dport {record.NamesPort}");
            text.Append($"  {Family(server)} daddr {server} {port} {Family(server)} saddr != {{ {own} }} counter drop\n");
        }
        text.Append(" }\n");
    }

    private static void AppendHook(StringBuilder text, string name, string hook, IReadOnlyList<Connection> fenced, Func<Connection, IPAddress, string?> verdict)
    {
        text.Append($" chain {name} {{\n  type {hook}; policy accept;\n");
        foreach (Connection connection in fenced)
        {
            foreach (IPAddress address in connection.Addresses)
            {
                if (verdict(connection, address) is { } found)
                    text.Append($"  iifname \"{connection.Network.Bridge}\" {Family(address)} saddr {address} {found}\n");
            }
        }
        text.Append(" }\n");
    }

    // The container's own server of names listens beside the network's, which would tell it every name there is.
    private static string? Redirection(Connection connection, IPAddress source, int port)
    {
        IPAddress server = ServerOf(connection.Network);
        if (server.AddressFamily != source.AddressFamily)
            return null;
        string family = Family(server), shown = family == "ip" ? $"{server}" : $"[{server}]";
        return string.Create(CultureInfo.InvariantCulture, $"{family} daddr {server} meta l4proto {{ tcp, udp }} th dport 53 dnat {family} to {shown}:{port}");
    }

    private static string Family(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? "ip" : "ip6";

    private static string Ports(EgressRule rule, int family)
    {
        string ports = rule.FirstPort == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{rule.FirstPort}-{rule.LastPort} ");
        return (rule.Protocol, ports) switch
        {
            (EgressRule.Icmp, _) => family == 4 ? "meta l4proto icmp " : "meta l4proto ipv6-icmp ",
            (null, "") => "",
            (null, _) => $"meta l4proto {{ tcp, udp }} th dport {ports}",
            (var protocol, "") => $"meta l4proto {protocol} ",
            var (protocol, _) => $"{protocol} dport {ports}",
        };
    }
}
