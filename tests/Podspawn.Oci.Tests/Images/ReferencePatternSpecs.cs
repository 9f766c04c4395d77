using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;

namespace Podspawn.Oci.Tests.Images;

/// <summary>Patterns of names fit what docker's fit: a name in full, in short, with its tag or without.</summary>
public sealed class ReferencePatternSpecs
{
    [Theory]
    [InlineData("busybox", true)]
    [InlineData("busybox:1", true)]
    [InlineData("busy*", true)]
    [InlineData("*", true)]
    [InlineData("*box:?", true)]
    [InlineData("busybo[a-z]", true)]
    [InlineData("busybo[^x]", false)]
    [InlineData("library/busybox", true)]
    [InlineData("docker.io/library/busybox:1", true)]
    [InlineData("docker.io/*/busybox", true)]
    [InlineData("docker.io/*", false)] // a star is no slash
    [InlineData("busybox:2", false)]
    [InlineData("busy", false)]
    [InlineData("", false)]
    public void A_pattern_fits_a_name_as_users_write_it(string pattern, bool fits) =>
        Assert.Equal(fits, ReferencePattern.Fits("docker.io/library/busybox:1", pattern));

    [Fact]
    public void Many_stars_make_no_work_without_end() =>
        Assert.False(ReferencePattern.Fits($"docker.io/library/{new string('a', 200)}:1", string.Concat(Enumerable.Repeat("*a", 100)) + "b"));

    [Theory]
    [InlineData("oci:/some/where:tag")]
    [InlineData("Not a name")]
    public void What_is_no_registrys_name_is_none(string stored) => Assert.Null(ImageName.OfStored(stored));

    [Theory]
    [InlineData("sha256:0123456789ab", true)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", true)]
    [InlineData("team/0000000000000000000000000000000000000000000000000000000000000000:1", true)]
    [InlineData("sha256:latest", false)]
    [InlineData("deadbeef", false)]
    public void A_name_that_would_hide_a_digest_is_noticed(string name, bool hides) => Assert.Equal(hides, ImageName.Parse(name).IsLikeDigest);
}
