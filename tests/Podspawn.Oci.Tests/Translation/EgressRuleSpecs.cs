using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Tests.Translation;

public sealed class EgressRuleSpecs
{
    [Theory]
    [InlineData("example.org", "example.org", "", 0, 0, null)]
    [InlineData("Example.ORG:443", "example.org", "", 443, 443, null)]
    [InlineData("*.debian.org:80-90/tcp", "*.debian.org", "", 80, 90, "tcp")]
    [InlineData("registry:5000/udp", "registry", "", 5000, 5000, "udp")]
    [InlineData("_x.a-b.c/icmp", "_x.a-b.c", "", 0, 0, "icmp")]
    [InlineData("10.0.0.0/8:5432", null, "10.0.0.0/8", 5432, 5432, null)]
    [InlineData("10.1.2.3", null, "10.1.2.3/32", 0, 0, null)]
    [InlineData("10.1.2.3/icmp", null, "10.1.2.3/32", 0, 0, "icmp")]
    [InlineData("10.0.0.0/8/tcp", null, "10.0.0.0/8", 0, 0, "tcp")]
    [InlineData("0.0.0.0/0:443/udp", null, "0.0.0.0/0", 443, 443, "udp")]
    [InlineData("2001:db8::1", null, "2001:db8::1/128", 0, 0, null)]
    [InlineData("2001:db8::/32", null, "2001:db8::/32", 0, 0, null)]
    [InlineData("[2001:db8::]/32:53/udp", null, "2001:db8::/32", 53, 53, "udp")]
    [InlineData("[2001:db8::/32]:53", null, "2001:db8::/32", 53, 53, null)]
    [InlineData("[2001:db8::1]:53", null, "2001:db8::1/128", 53, 53, null)]
    public void A_rule_is_read(string text, string? pattern, string block, int first, int last, string? protocol)
    {
        EgressRule rule = EgressRule.Read(text, out _)!;
        Assert.Equal((pattern, block, first, last, protocol, text), (rule.Pattern, rule.Block?.ToString() ?? "", rule.FirstPort, rule.LastPort, rule.Protocol, rule.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("*org")]
    [InlineData("a.*.org")]
    [InlineData(".org")]
    [InlineData("a..org")]
    [InlineData("-a.org")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("a;drop")]
    [InlineData("münchen.de")]
    [InlineData("10.1.2.3.4")]
    [InlineData("10.1.2.300")]
    [InlineData("010.1.2.3")]
    [InlineData("10.1")]
    [InlineData("10.1.2.3/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/8/9")]
    [InlineData("10.0.0.0/")]
    [InlineData("2001:db8::1%eth0")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("[2001:db8::1")]
    [InlineData("[example.org]:80")]
    [InlineData("[2001:db8::]x:80")]
    [InlineData("a.org:")]
    [InlineData("a.org:0")]
    [InlineData("a.org:65536")]
    [InlineData("a.org:90-80")]
    [InlineData("a.org:80-")]
    [InlineData("a.org:+80")]
    [InlineData("a.org:http")]
    [InlineData("a.org:80/sctp")]
    [InlineData("a.org:80/icmp")]
    [InlineData("a.org/")]
    [InlineData("http://a.org")]
    public void What_is_no_rule_is_refused_with_a_reason(string text)
    {
        Assert.Null(EgressRule.Read(text, out string why));
        Assert.NotEmpty(why);
        Assert.DoesNotContain('\n', why);
    }

    [Theory]
    [InlineData("a.org", "a.org", true)]
    [InlineData("a.org", "b.a.org", false)]
    [InlineData("a.org", "*.a.org", false)]
    [InlineData("*.a.org", "a.org", false)]
    [InlineData("*.a.org", "b.a.org", true)]
    [InlineData("*.a.org", "c.b.a.org", true)]
    [InlineData("*.a.org", "ba.org", false)]
    [InlineData("*.a.org", "*.a.org", true)]
    [InlineData("*.a.org", "*.b.a.org", true)]
    [InlineData("*.b.a.org", "*.a.org", false)]
    public void A_pattern_covers_others(string pattern, string other, bool covers) => Assert.Equal(covers, EgressRule.Covers(pattern, other));
}
