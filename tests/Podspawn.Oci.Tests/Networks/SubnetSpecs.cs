using System.Net;
using Podspawn.Oci.Networks.Records;

namespace Podspawn.Oci.Tests.Networks;

public sealed class SubnetSpecs
{
    [Theory]
    [InlineData("10.7.1.0/24", null, "10.7.1.2")]
    [InlineData("10.7.1.0/24", "10.7.1.2", "10.7.1.3")]
    [InlineData("10.7.1.0/24", "10.7.1.254", "10.7.1.2")]
    [InlineData("10.7.1.0/24", "192.0.2.1", "10.7.1.2")]
    [InlineData("10.7.0.0/16", "10.7.0.255", "10.7.1.0")]
    [InlineData("10.7.1.0/30", "10.7.1.2", "10.7.1.2")]
    [InlineData("fd00:7::/64", null, "fd00:7::2")]
    [InlineData("fd00:7::/64", "fd00:7::ffff", "fd00:7::1:0")]
    public void The_next_address_lies_behind_the_last_one_and_is_nobodys(string block, string? behind, string next) =>
        Assert.Equal(IPAddress.Parse(next), Subnet.Of(IPNetwork.Parse(block)).Next(behind is null ? null : IPAddress.Parse(behind), _ => false));

    [Fact]
    public void Taken_ones_are_passed_over_until_none_is_left()
    {
        Subnet subnet = Subnet.Of(IPNetwork.Parse("10.7.1.0/29"));
        var taken = new HashSet<IPAddress>();
        while (subnet.Next(null, taken.Contains) is { } free)
            Assert.True(taken.Add(free));
        Assert.Equal(["10.7.1.2", "10.7.1.3", "10.7.1.4", "10.7.1.5", "10.7.1.6"], taken.Select(address => address.ToString()));
    }

    [Theory]
    [InlineData("10.7.1.0", false)]
    [InlineData("10.7.1.1", false)]
    [InlineData("10.7.1.2", true)]
    [InlineData("10.7.1.254", true)]
    [InlineData("10.7.1.255", false)]
    [InlineData("10.7.2.2", false)]
    [InlineData("fd00::2", false)]
    public void An_address_is_offered_where_it_is_neither_the_blocks_nor_the_hosts(string address, bool offered) =>
        Assert.Equal(offered, Subnet.Of(IPNetwork.Parse("10.7.1.0/24")).Offers(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.7.1.0/24", "10.7.0.0/16", true)]
    [InlineData("10.7.0.0/16", "10.7.1.0/24", true)]
    [InlineData("10.7.1.0/24", "10.7.2.0/24", false)]
    [InlineData("10.7.1.0/24", "fd00::/8", false)]
    [InlineData("fd00:7::/64", "fd00::/16", true)]
    public void Blocks_meet_where_one_has_an_address_of_the_other(string one, string other, bool meet) =>
        Assert.Equal(meet, Subnet.Meet(IPNetwork.Parse(one), IPNetwork.Parse(other)));
}
