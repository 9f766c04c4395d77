using System.Net;
using Podspawn.Oci.Networks.Egress;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.State;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Tests.Networks;

/// <summary>What is loaded into nftables, and what dnsmasq reads, for a container's rules.</summary>
public sealed class EgressFenceSpecs
{
    private static readonly ContainerPaths Paths = new(new string('c', 64), "/run/c", "/var/c");

    private static ConnectionRecord Record(string[]? own, string[] ofNetwork, params string[] blocks)
    {
        var network = new Network
        {
            Name = "web",
            Id = new string('a', 64),
            Created = DateTimeOffset.UnixEpoch,
            Subnets = [.. (blocks.Length > 0 ? blocks : ["10.7.1.0/24"]).Select(block => Subnet.Of(IPNetwork.Parse(block)))],
            Allow = EgressPolicy.Of(ofNetwork).Allow,
        };
        return new ConnectionRecord
        {
            Places = "/networks",
            Id = Paths.Id,
            Name = "x",
            Egress = own is null ? null : EgressPolicy.Of(own),
            NamesPort = 5353,
            Connections =
            [
                new Connection(network, "eth0", [.. network.Subnets.Select(subnet => subnet.Next(null, _ => false)!)], [])
                {
                    HostIndex = 7,
                    HostInterface = "veth7",
                    MacAddress = "02:00:00:00:00:01",
                    BridgeAddress = "02:00:00:00:00:02",
                },
            ],
        };
    }

    private static string[] Chain(string document, string name)
    {
        string[] lines = document.Split('\n');
        int start = Array.FindIndex(lines, line => line == $" chain {name} {{");
        Assert.True(start >= 0, $"{name} in\n{document}");
        return [.. lines.Skip(start + 1).TakeWhile(line => line != " }").Select(line => line.Trim())];
    }

    [Fact]
    public void The_rules_of_a_policy_are_these()
    {
        string document = FenceDocument.Of(Record(["10.0.0.0/8:5432/tcp", "192.0.2.1", "192.0.2.2/icmp", "[2001:db8::]/32:53-54", "169.254.169.254:80", "example.org:443", "db"], []));
        Assert.StartsWith("add table inet podspawn_oci_out_cccccccccccc\ndelete table inet podspawn_oci_out_cccccccccccc\n", document, StringComparison.Ordinal);
        Assert.Equal(
        [
            "ip daddr 169.254.169.254/32 meta l4proto { tcp, udp } th dport 80-80 return",
            "ip daddr { 0.0.0.0/8, 100.100.100.200/32, 127.0.0.0/8, 168.63.129.16/32, 169.254.0.0/16, 192.0.0.192/32, 224.0.0.0/3 } goto refuse",
            "ip6 daddr { ::/96, 64:ff9b::a9fe:0/112, 64:ff9b::7f00:0/104, ::ffff:0:0/96, fd00:ec2::254/128, fd20:ce::254/128, fe80::/10, ff00::/8 } goto refuse",
            "ip daddr 10.0.0.0/8 tcp dport 5432-5432 return",
            "ip daddr 192.0.2.1/32 return",
            "ip daddr 192.0.2.2/32 meta l4proto icmp return",
            "ip6 daddr 2001:db8::/32 meta l4proto { tcp, udp } th dport 53-54 return",
            "ip daddr @own_1_4 update @own_1_4_used { ip daddr }",
            "ip daddr @own_1_4 return",
            "ip daddr @own_1_4_used return",
            "ip6 daddr @own_1_6 update @own_1_6_used { ip6 daddr }",
            "ip6 daddr @own_1_6 return",
            "ip6 daddr @own_1_6_used return",
            "ip daddr 10.7.1.0/24 goto refuse",
            "ip daddr @own_0_4 meta l4proto { tcp, udp } th dport 443-443 update @own_0_4_used { ip daddr }",
            "ip daddr @own_0_4 meta l4proto { tcp, udp } th dport 443-443 return",
            "ip daddr @own_0_4_used meta l4proto { tcp, udp } th dport 443-443 return",
            "ip6 daddr @own_0_6 meta l4proto { tcp, udp } th dport 443-443 update @own_0_6_used { ip6 daddr }",
            "ip6 daddr @own_0_6 meta l4proto { tcp, udp } th dport 443-443 return",
            "ip6 daddr @own_0_6_used meta l4proto { tcp, udp } th dport 443-443 return",
            "goto refuse",
        ], Chain(document, "policy_own"));
        Assert.Equal(
        [
            "ct state established accept",
            "ct state related ct original ip saddr 10.7.1.2 accept",
            "ct state related ct reply ip saddr 10.7.1.2 accept",
            "ct state invalid counter drop",
            "ip daddr 10.7.1.1 meta l4proto { tcp, udp } th dport 5353 ct status dnat accept",
            "jump policy_own",
            "accept",
        ], Chain(document, "eth0_out"));
        Assert.Equal(
        [
            "type nat hook prerouting priority dstnat - 5; policy accept;",
            "iifname \"pociaaaaaaaa\" ip saddr 10.7.1.2 ip daddr 10.7.1.1 meta l4proto { tcp, udp } th dport 53 dnat ip to 10.7.1.1:5353",
        ], Chain(document, "names"));
        Assert.Equal(
        [
            "type filter hook ingress device \"veth7\" priority -500; policy accept;",
            "ether type != { ip, ip6, arp } counter drop",
            "ether saddr != 02:00:00:00:00:01 counter drop",
            "ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 counter drop",
            "ether type arp meta length <= 46 arp saddr ether 02:00:00:00:00:01 arp saddr ip { 0.0.0.0, 10.7.1.2 } accept",
            "ether daddr & 01:00:00:00:00:00 == 01:00:00:00:00:00 counter drop",
            "ip saddr 10.7.1.2 accept",
            "counter drop",
        ], Chain(document, "eth0"));
    }

    [Fact]
    public void A_container_that_may_forge_frames_is_held_to_its_addresses_without_a_policy_too()
    {
        ConnectionRecord record = Record(null, [], "10.7.1.0/24", "fd00:7::/64") with { SendsFrames = true };
        string document = FenceDocument.Of(record);
        Assert.DoesNotContain("table inet podspawn_oci_out_cccccccccccc {", document, StringComparison.Ordinal);
        Assert.Equal(
        [
            "ip6 saddr { ::, fe80::ff:fe00:1, fd00:7::2 } ip6 hoplimit 255 icmpv6 type { nd-neighbor-solicit, nd-router-solicit } accept",
            "ip6 saddr { ::, fe80::ff:fe00:1, fd00:7::2 } ip6 hoplimit 255 icmpv6 type nd-neighbor-advert @th,64,128 0xfd000007000000000000000000000002 accept",
            "ip6 saddr { ::, fe80::ff:fe00:1, fd00:7::2 } ip6 hoplimit 255 icmpv6 type nd-neighbor-advert @th,64,128 0xfe80000000000000000000fffe000001 accept",
            "ip6 saddr { ::, fe80::ff:fe00:1 } icmpv6 type { mld-listener-report, mld2-listener-report } accept",
            "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, mld-listener-report, mld2-listener-report } counter drop",
            "ip saddr 10.7.1.2 accept",
            "ip6 saddr { fe80::ff:fe00:1, fd00:7::2 } accept",
            "counter drop",
        ], Chain(document, "eth0")[5..]);
    }

    [Fact]
    public void Where_the_container_and_its_network_have_rules_both_hold()
    {
        ConnectionRecord both = Record(["a.org", "*.b.org", "c.org:80"], ["*.org:443", "x.b.org"]);
        Assert.Equal(["jump policy_own", "jump policy_eth0"], Chain(FenceDocument.Of(both), "eth0_out")[^3..^1]);
        Assert.Equal(["a.org", "*.b.org", "c.org", "x.b.org"], ResolvableNames.Of(both));
        Assert.Equal(["a.org"], ResolvableNames.Of(Record(["a.org", "b.org"], ["a.org", "c.org"])));
        Assert.Empty(ResolvableNames.Of(Record(["*.a.org"], ["a.org"])));
        Assert.False(EgressFence.IsNeeded(Record(null, [])));
        Assert.True(EgressFence.IsNeeded(Record([], [])));
        Assert.Equal(["a.org"], EgressFence.RulesOf(Record(null, ["a.org"])));
    }

    [Fact]
    public void Only_what_is_allowed_is_asked_for()
    {
        string config = NameServer.Config(Record(["example.org", "*.debian.org", "a.debian.org:80", "db"], []) with { Upstreams = ["192.0.2.53"] }, Paths, [IPAddress.Parse("10.7.1.1")], 5353);
        string[] lines = config.Split('\n');
        Assert.Contains("no-resolv", lines);
        Assert.Equal(
        [
            "server=/example.org/192.0.2.53", "server=/*.debian.org/192.0.2.53", "server=/a.debian.org/192.0.2.53", "server=/db/10.7.1.1", "server=/db.dns.podman/10.7.1.1",
        ], lines.Where(line => line.StartsWith("server=", StringComparison.Ordinal)));
        Assert.Equal(["address=/#/", "address=/*.example.org/", "address=/*.db/", "address=/*.db.dns.podman/"], lines.Where(line => line.StartsWith("address=", StringComparison.Ordinal)));
        const string Table = "#inet#podspawn_oci_out_cccccccccccc#own_";
        Assert.Contains($"nftset=/example.org/4{Table}0_4,6{Table}0_6", lines);
        Assert.Contains($"nftset=/debian.org/4{Table}1_4,6{Table}1_6", lines);
        Assert.Contains($"nftset=/a.debian.org/4{Table}1_4,6{Table}1_6,4{Table}2_4,6{Table}2_6", lines);
        Assert.Contains($"nftset=/db.dns.podman/4{Table}3_4,6{Table}3_6", lines);
    }

    [Fact]
    public void What_was_refused_is_read()
    {
        RefusedConnections refused = RefusedConnections.Read("""
            {"nftables": [{"metainfo": {"version": "1.0.6"}}, {"counter": {"family": "inet", "name": "refused", "table": "t", "handle": 2, "packets": 7, "bytes": 420}},
            {"set": {"family": "inet", "name": "refused_4", "table": "t", "type": ["ipv4_addr", "inet_proto", "inet_service"], "handle": 3,
            "elem": [{"elem": {"val": {"concat": ["198.51.100.1", 6, 81]}, "counter": {"packets": 5, "bytes": 300}}},
            {"elem": {"val": {"concat": ["10.89.0.3", "udp", 53]}, "counter": {"packets": 2, "bytes": 120}}}]}},
            {"set": {"family": "inet", "name": "own_0_4", "table": "t", "type": "ipv4_addr", "handle": 4, "elem": ["192.0.2.1"]}}]}
            """);
        Assert.Equal(7, refused.Packets);
        Assert.Equal([new RefusedDestination("198.51.100.1", "81", "tcp", 5), new RefusedDestination("10.89.0.3", "53", "udp", 2)], refused.Destinations);
    }
}
