using System.Net;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Networks;
using Podspawn.Oci.Networks.Records;
using Podspawn.Oci.State;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Tests.Networks;

public sealed class NetworkStoreSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly StateLayout layout;
    private readonly NetworkStore store;

    public NetworkStoreSpecs()
    {
        layout = new StateLayout($"{directory.Path}/run", $"{directory.Path}/data");
        store = new NetworkStore(layout);
    }

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_network_is_found_as_it_was_made()
    {
        Network made = store.Create(new NetworkRequest
        {
            Name = "web",
            Subnets = ["172.31.7.0/24", "fd12:3456::/64"],
            Gateways = ["172.31.7.9"],
            IsInternal = true,
            HasNames = false,
            ReachesHost = true,
            Allow = EgressPolicy.Of(["example.org:443"]).Allow,
            Labels = new Dictionary<string, string> { ["a"] = "b" },
        });
        Network found = store.Find("web");
        Assert.Equal(made with { Labels = found.Labels, Subnets = found.Subnets, Allow = found.Allow }, found);
        Assert.Equal(made.Allow, found.Allow);
        Assert.Equal(made.Labels, found.Labels);
        Assert.Equal([new Subnet(IPNetwork.Parse("172.31.7.0/24"), IPAddress.Parse("172.31.7.9")), new Subnet(IPNetwork.Parse("fd12:3456::/64"), IPAddress.Parse("fd12:3456::1"))],
            found.Subnets);
        Assert.Equal("web", store.Find(made.Id[..12]).Name);
        Assert.True(found.Bridge.Length <= 15);
    }

    [Fact]
    public void Each_has_addresses_of_its_own()
    {
        string[] blocks = [.. Enumerable.Range(0, 5).Select(_ => store.Create(new NetworkRequest()).Subnets.Single().ToString())];
        Assert.Equal(5, blocks.Distinct().Count());
        Assert.Equal(["podman1", "podman2", "podman3", "podman4", "podman5"], store.All().Select(network => network.Name));
    }

    [Theory]
    [InlineData("224.0.0.0/24")]
    [InlineData("240.0.0.0/24")]
    [InlineData("255.255.255.0/24")]
    [InlineData("127.0.7.0/24")]
    [InlineData("169.254.7.0/24")]
    [InlineData("0.0.0.0/8")]
    [InlineData("fe80::/64")]
    [InlineData("ff00::/64")]
    [InlineData("::/64")]
    [InlineData("::ffff:10.7.0.0/112")]
    [InlineData("fe80::%eth0/64")]
    [InlineData("010.7.0.0/24")]
    [InlineData("10.7/16")]
    [InlineData("10.7.0.0/33")]
    [InlineData("10.7.0.0/31")]
    [InlineData("10.7.0.0")]
    [InlineData("")]
    public void Addresses_that_no_container_can_have_are_refused(string block)
    {
        Assert.Contains("subnet", Assert.Throws<ContainerException>(() => store.Create(new NetworkRequest { Subnets = [block] })).Message, StringComparison.Ordinal);
        Assert.Empty(store.All());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("none")]
    [InlineData("host")]
    [InlineData("container")]
    [InlineData("a\n")]
    public void A_name_that_is_none_is_refused(string name) => Assert.Throws<ContainerException>(() => store.Create(new NetworkRequest { Name = name }));

    [Fact]
    public void An_address_belongs_to_who_holds_it_until_its_record_is_gone()
    {
        Network network = store.Create(new NetworkRequest { Name = "web", Subnets = ["172.31.7.0/29"] });
        NetworkPlaces places = NetworkPlaces.Of(layout);
        var leases = new AddressLeases(places, network);
        string[] holders = [directory.Write("one", ""), directory.Write("two", "")];
        Assert.Equal(["172.31.7.2"], leases.Take(holders[0], []).Select(address => address.ToString()));
        Assert.Equal(["172.31.7.3"], leases.Take(holders[1], []).Select(address => address.ToString()));
        Assert.Contains("already allocated", Assert.Throws<ContainerException>(() => leases.Take(holders[1], [IPAddress.Parse("172.31.7.2")])).Message, StringComparison.Ordinal);
        File.Delete(holders[0]);
        Assert.Single(leases.Abandoned());
        Assert.Equal(["172.31.7.2"], leases.Take(holders[1], [IPAddress.Parse("172.31.7.2")]).Select(address => address.ToString()));
        leases.Release(holders[1], [IPAddress.Parse("172.31.7.2"), IPAddress.Parse("172.31.7.3")]);
        Assert.Empty(leases.Holders());
        // The one that was free last is not given again at once.
        Assert.Equal(["172.31.7.4"], leases.Take(holders[1], []).Select(address => address.ToString()));
    }
}
