using System.Net;
using Podspawn.Oci.Networks;
using Podspawn.Oci.Networks.Records;

namespace Podspawn.Oci.Tests.Networks;

public sealed class HostRulesSpecs
{
    private static readonly Network Usual = new()
    {
        Name = "web",
        Id = new string('a', 64),
        Created = DateTimeOffset.UnixEpoch,
        Subnets = [Subnet.Of(IPNetwork.Parse("10.7.1.0/24"))],
    };

    [Fact]
    public void The_rules_are_these()
    {
        Assert.Equal("""
            add table inet podspawn_oci_aaaaaaaa
            delete table inet podspawn_oci_aaaaaaaa
            table inet podspawn_oci_aaaaaaaa {
             chain prerouting {
              type filter hook prerouting priority raw - 5; policy accept;
              iifname != "pociaaaaaaaa" accept
              fib saddr type local counter drop
              fib saddr . iif type local counter drop
              ip daddr 127.0.0.0/8 counter drop
              ip6 daddr ::1 counter drop
              icmp type redirect counter drop
              icmpv6 type { nd-router-advert, nd-redirect } counter drop
              ip saddr != { 10.7.1.0/24 } counter drop
              meta nfproto ipv6 counter drop
             }
             chain input {
              type filter hook input priority filter - 5; policy accept;
              iifname != "pociaaaaaaaa" accept
              ct state established,related accept
              meta l4proto { tcp, udp } th dport 53 fib daddr . iif type local accept
              meta l4proto tcp ct status dnat ct original proto-dst 53 fib daddr . iif type local accept
              meta l4proto udp ct status dnat ct original proto-dst 53 fib daddr . iif type local accept
              icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit } accept
              counter drop
             }
             chain forward {
              type filter hook forward priority filter - 5; policy accept;
              iifname "pociaaaaaaaa" oifname "pociaaaaaaaa" accept
              iifname "pociaaaaaaaa" icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert, nd-redirect } counter drop
              oifname "pociaaaaaaaa" icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert, nd-redirect } counter drop
              iifname "pociaaaaaaaa" oifname "poci*" counter drop
              iifname "poci*" oifname "pociaaaaaaaa" counter drop
              oifname "pociaaaaaaaa" ct state new ct status ! dnat counter drop
             }
            }

            """.ReplaceLineEndings("\n"), HostRules.Document(Usual));
    }

    [Fact]
    public void What_a_network_is_made_with_changes_them()
    {
        Assert.DoesNotContain("chain input", HostRules.Document(Usual with { ReachesHost = true }), StringComparison.Ordinal);
        Assert.DoesNotContain("dport 53", HostRules.Document(Usual with { HasNames = false }), StringComparison.Ordinal);
        Assert.Contains("iifname \"pociaaaaaaaa\" counter drop", HostRules.Document(Usual with { IsInternal = true }), StringComparison.Ordinal);
        string both = HostRules.Document(Usual with { Subnets = [.. Usual.Subnets, Subnet.Of(IPNetwork.Parse("fd00:7::/64"))] });
        Assert.Contains("ip6 saddr != { ::, fe80::/10, fd00:7::/64 } counter drop", both, StringComparison.Ordinal);
        Assert.DoesNotContain("nfproto", both, StringComparison.Ordinal);
    }
}
