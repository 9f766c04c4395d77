using Podspawn.Oci.Errors;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Tests.Launching;

/// <summary>Devices of the host, in docker's syntax: only those that the config names, and only as what they are.</summary>
public sealed class DeviceOptionsSpecs
{
    private const string Full = "/dev/full";

    [Theory]
    [InlineData("/dev/full", "/dev/full", "rwm")]
    [InlineData("/dev//full", "/dev/full", "rwm")]
    [InlineData("/dev/full:/dev/x", "/dev/x", "rwm")]
    [InlineData("/dev/full:r", "/dev/full", "r")]
    [InlineData("/dev/full:mr", "/dev/full", "rm")]
    [InlineData("/dev/full:/dev/x:wr", "/dev/x", "rw")]
    public void A_text_is_read_as_docker_reads_it(string text, string inside, string access)
    {
        GivenDevice device = Assert.Single(new DeviceOptions { Devices = [text] }.Read([Full]).Devices);
        Assert.Equal(Full, device.HostPath);
        Assert.Equal(inside, device.Path);
        Assert.Equal(new OpenedDevice("c", 1, 7, access), device.Opens);
        Assert.Equal(0u, device.Uid);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dev/full")]
    [InlineData("/dev/full:")]
    [InlineData("/dev/full::r")]
    [InlineData("/dev/full:/dev/x:")]
    [InlineData("/dev/full:/dev/x:rr")]
    [InlineData("/dev/full:/dev/x:rwx")]
    [InlineData("/dev/full:/dev/x:r:w")]
    [InlineData("/dev/../dev/full")]
    [InlineData("/dev/fu\u200dll")]
    public void A_text_that_cannot_be_meant_is_refused(string text) => Assert.Contains("is no device", Refused([Full], text), StringComparison.Ordinal);

    [Fact]
    public void A_device_that_the_config_does_not_give_is_refused_with_the_key()
    {
        Assert.Contains("the config does not give \"/dev/full\"; add it to security.devices", Refused(["/dev/fuse"], Full), StringComparison.Ordinal);
        Assert.Contains("the config does not give \"/dev/null\"", Refused([Full], Full, "/dev/null"), StringComparison.Ordinal);
        Assert.Contains("security.devices", Refused(["/dev"], Full), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_device_is_refused_and_no_link_is_followed()
    {
        using var place = new TemporaryDirectory();
        string file = place.Write("file", "");
        place.Link("link", Full);
        place.Link("way", "/dev");
        Assert.Contains("is a file, not a device", Refused([file], file), StringComparison.Ordinal);
        Assert.Contains("is a directory, not a device", Refused(["/dev"], "/dev"), StringComparison.Ordinal);
        Assert.Contains("leads over a symbolic link", Refused([$"{place.Path}/link"], $"{place.Path}/link"), StringComparison.Ordinal);
        Assert.Contains("leads over a symbolic link", Refused([$"{place.Path}/way/full"], $"{place.Path}/way/full"), StringComparison.Ordinal);
        Assert.Contains("cannot be opened", Refused([$"{file}.none"], $"{file}.none"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_is_taken_for_a_device_that_the_config_gives()
    {
        Assert.Equal([new OpenedDevice("c", 1, 7, "rm")], new DeviceOptions { Rules = ["c 1:7 mr"] }.Read(["/dev/none", Full]).Rules);
        Assert.Contains("gives no device c 1:3; add its path to security.devices", RefusedRule("c 1:3 r"), StringComparison.Ordinal);
        Assert.Contains("gives no device b 1:7", RefusedRule("b 1:7 r"), StringComparison.Ordinal);
        foreach (string text in new[] { "a *:* rwm", "c *:7 r", "c 1:* r", "a 1:7 r" })
            Assert.Contains("stands for more than one device", RefusedRule(text), StringComparison.Ordinal);
        foreach (string text in new[] { "", "c", "c 1:7", "c 1:7 x", "x 1:7 r", "c 1 r", "c 1:7:1 r" })
            Assert.Contains("is no rule", RefusedRule(text), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_another_devices_by_now_is_not_given_again()
    {
        DeviceOptions.RequireUnchanged([new GivenDevice(Full, Full, new OpenedDevice("c", 1, 7, "r"))]);
        ContainerException refused = Assert.Throws<ContainerException>(
            () => DeviceOptions.RequireUnchanged([new GivenDevice(Full, Full, new OpenedDevice("c", 10, 229, "r"))]));
        Assert.Contains("was c 10:229 r and is c 1:7 r by now", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ContainerException>(() => DeviceOptions.RequireUnchanged([new GivenDevice("/dev/none", Full, new OpenedDevice("c", 1, 7, "r"))]));
    }

    private static string Refused(string[] given, params string[] devices) => Assert.Throws<ConfigException>(() => new DeviceOptions { Devices = devices }.Read(given)).Message;

    private static string RefusedRule(string rule) => Assert.Throws<ConfigException>(() => new DeviceOptions { Rules = [rule] }.Read([Full])).Message;
}
