using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Tests.Networks;

public sealed class PortTextSpecs
{
    [Theory]
    [InlineData("80", null, 0, 80, "tcp", 1)]
    [InlineData("80/udp", null, 0, 80, "udp", 1)]
    [InlineData("8080:80", null, 8080, 80, "tcp", 1)]
    [InlineData("0:80", null, 0, 80, "tcp", 1)]
    [InlineData(":80", null, 0, 80, "tcp", 1)]
    [InlineData("127.0.0.1:8080:80/TCP", "127.0.0.1", 8080, 80, "tcp", 1)]
    [InlineData("127.0.0.1::80", "127.0.0.1", 0, 80, "tcp", 1)]
    [InlineData("[::1]:8080:80/sctp", "::1", 8080, 80, "sctp", 1)]
    [InlineData("[0:0::1]::80", "::1", 0, 80, "tcp", 1)]
    [InlineData("8000-8010:80-90/udp", null, 8000, 80, "udp", 11)]
    public void A_text_names_ports_as_in_docker(string text, string? address, int host, int container, string protocol, int range) =>
        Assert.Equal(new PublishedPort(address, host, container, protocol, range), Assert.Single(PortText.Read(text)));

    [Fact]
    public void Each_port_of_a_range_has_a_free_one_of_its_own() =>
        Assert.Equal([new PublishedPort(null, 0, 80, "tcp"), new PublishedPort(null, 0, 81, "tcp")], PortText.Read("80-81"));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("+80")]
    [InlineData(" 80")]
    [InlineData("80/")]
    [InlineData("80/icmp")]
    [InlineData("80/tcp/udp")]
    [InlineData("a:80")]
    [InlineData("80:")]
    [InlineData("1:2:3:4")]
    [InlineData("127.1:80:80")]
    [InlineData("010.0.0.1:80:80")]
    [InlineData("[::ffff:127.0.0.1]:80:80")]
    [InlineData("fe80::1:80:80")]
    [InlineData("[::1:80:80")]
    [InlineData("[::1]:80")]
    [InlineData("[fe80::1%eth0]:80:80")]
    [InlineData("90-80")]
    [InlineData("1-2-3:4-6")]
    [InlineData("8000-8001:80")]
    [InlineData("8000:80-81")]
    public void What_is_none_is_refused_with_the_form_that_is_wanted(string text) =>
        Assert.Contains("write [[ADDRESS:][HOST]:]CONTAINER[/PROTOCOL]", Assert.Throws<ContainerException>(() => PortText.Read(text).ToList()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("80", 1)]
    [InlineData("80/udp", 1)]
    [InlineData("80/icmp", 0)]
    [InlineData("x", 0)]
    [InlineData("0/tcp", 0)]
    [InlineData("80/tcp/x", 0)]
    public void An_images_port_counts_where_it_is_one(string text, int count) => Assert.Equal(count, PortText.ReadExposed(text).Count());
}
