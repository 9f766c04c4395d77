using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Tests.Launching;

/// <summary>Names of hosts that a user gives a container: lines of files, which no text may forge.</summary>
public sealed class NameOptionsSpecs
{
    [Fact]
    public void They_come_first_in_the_hosts_file_whatever_the_network()
    {
        NameResolution names = new NameOptions { Hosts = ["web:192.0.2.7", "six:2001:db8::1", "seven:[2001:db8::2]"] }.Read();
        foreach (NetworkMode network in new[] { NetworkMode.None, NetworkMode.Host })
            Assert.StartsWith("192.0.2.7\tweb\n2001:db8::1\tsix\n2001:db8::2\tseven\n", NetworkFiles.For(network, "box", names).Hosts, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_said_of_the_resolver_replaces_the_hosts()
    {
        NameResolution names = new NameOptions { Servers = ["192.0.2.53", "2001:db8::53"], Search = ["example.org", "example.net"], Options = ["ndots:2", "rotate"] }.Read();
        foreach (NetworkMode network in new[] { NetworkMode.None, NetworkMode.Host })
        {
            Assert.Equal("search example.org example.net\nnameserver 192.0.2.53\nnameserver 2001:db8::53\noptions ndots:2 rotate\n",
                NetworkFiles.For(network, "box", names).ResolvConf);
        }
        Assert.DoesNotContain("search", NetworkFiles.For(NetworkMode.Host, "box", new NameOptions { Search = ["."] }.Read()).ResolvConf, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("web")]
    [InlineData("web:")]
    [InlineData(":192.0.2.7")]
    [InlineData("web:1")]
    [InlineData("web:192.0.2")]
    [InlineData("web:192.0.2.7\n192.0.2.8 bank")]
    [InlineData("we b:192.0.2.7")]
    [InlineData("web\n:192.0.2.7")]
    [InlineData("web:fe80::1%eth0")]
    [InlineData("web:host-gateway")]
    public void What_is_no_host_is_refused(string text) =>
        Assert.StartsWith("--add-host: ", Assert.Throws<ContainerException>(() => new NameOptions { Hosts = [text] }.Read()).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_no_word_of_a_resolver_is_refused()
    {
        foreach (string text in new[] { "", "none", "1", "192.0.2.53\noptions debug", "example.org" })
            Assert.StartsWith("--dns: ", Assert.Throws<ContainerException>(() => new NameOptions { Servers = [text] }.Read()).Message, StringComparison.Ordinal);
        foreach (string text in new[] { "", "a b", "a\nnameserver 192.0.2.1", "-x" })
            Assert.StartsWith("--dns-search: ", Assert.Throws<ContainerException>(() => new NameOptions { Search = [text] }.Read()).Message, StringComparison.Ordinal);
        foreach (string text in new[] { "", "a b", "a\nb" })
            Assert.StartsWith("--dns-option: ", Assert.Throws<ContainerException>(() => new NameOptions { Options = [text] }.Read()).Message, StringComparison.Ordinal);
    }
}
