using Podspawn.Oci.Images;

namespace Podspawn.Oci.Tests.Images;

public sealed class ImagePlatformSpecs
{
    [Theory]
    [InlineData("linux/amd64", "linux/amd64")]
    [InlineData("LINUX/ARM64", "linux/arm64")]
    [InlineData("arm64", "linux/arm64")]
    [InlineData("linux/x86_64", "linux/amd64")]
    [InlineData("linux/aarch64", "linux/arm64")]
    [InlineData("linux/arm/v7", "linux/arm/v7")]
    public void A_platform_is_read_as_docker_reads_it(string text, string platform) => Assert.Equal(platform, ImagePlatform.Parse(text).ToString());

    [Theory]
    [InlineData("windows/amd64", "cannot be run here")]
    [InlineData("linux/pdp11", "no architecture")]
    [InlineData("linux/arm/v7/x", "no platform")]
    [InlineData("linux/", "no platform")]
    [InlineData("", "no platform")]
    [InlineData("linux/a b", "no platform")]
    public void What_is_no_platform_is_refused(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<ImageException>(() => ImagePlatform.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("linux/arm64", "linux/arm64", true)]
    [InlineData("linux/arm64/v8", "linux/arm64", true)]
    [InlineData("linux/arm/v7", "linux/arm", true)]
    [InlineData("linux/arm/v6", "linux/arm/v7", false)]
    [InlineData("linux/amd64", "linux/arm64", false)]
    public void A_variant_counts_where_both_name_one(string image, string wanted, bool satisfies) =>
        Assert.Equal(satisfies, ImagePlatform.Parse(image).Satisfies(ImagePlatform.Parse(wanted)));

    private const string Handler = "enabled\ninterpreter /usr/bin/qemu-aarch64-static\nflags: OCF\noffset 0\nmagic 7f454c460201010000000000000000000200b700\nmask " +
        "ffffffffffffff00fffffffffffffffffeffffff\n";

    [Fact]
    public void A_handler_for_the_machines_programs_makes_a_platform_runnable()
    {
        Assert.True(PlatformSupport.Handles(Handler, 183));
        Assert.False(PlatformSupport.Handles(Handler, 62));
        Assert.False(PlatformSupport.Handles(Handler.Replace("enabled", "disabled", StringComparison.Ordinal), 183));
        Assert.False(PlatformSupport.Handles("enabled\ninterpreter /usr/bin/python3\nextension .py\n", 183));
        Assert.False(PlatformSupport.Handles("enabled\nmagic 7f454c46\n", 183));
        Assert.False(PlatformSupport.Handles("", 183));
    }

    [Fact]
    public void This_host_runs_its_own_programs_and_no_other_systems()
    {
        Assert.True(PlatformSupport.CanRun(ImagePlatform.Host));
        Assert.False(PlatformSupport.CanRun(ImagePlatform.Host with { Os = "windows" }));
        Assert.False(PlatformSupport.CanRun(new ImagePlatform("linux", "pdp11")));
    }
}
