using Podspawn.Oci.Images;
using Podspawn.Oci.Images.References;

namespace Podspawn.Oci.Tests.Images;

public sealed class ImageNameSpecs
{
    private const string Sha = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("busybox", "docker.io/library/busybox:latest")]
    [InlineData("busybox:1.36", "docker.io/library/busybox:1.36")]
    [InlineData("team/tool", "docker.io/team/tool:latest")]
    [InlineData("docker.io/busybox", "docker.io/library/busybox:latest")]
    [InlineData("index.docker.io/team/tool:2", "docker.io/team/tool:2")]
    [InlineData("localhost/a:1", "localhost/a:1")]
    [InlineData("localhost:5000/a/b/c:v1", "localhost:5000/a/b/c:v1")]
    [InlineData("127.0.0.1:5000/x", "127.0.0.1:5000/x:latest")]
    [InlineData("[::1]:5000/x:1", "[::1]:5000/x:1")]
    [InlineData("registry.example/a__b.c-d:T_1.2-3", "registry.example/a__b.c-d:T_1.2-3")]
    [InlineData("docker:dind", "docker.io/library/docker:dind")]
    [InlineData("busybox@" + Sha, "docker.io/library/busybox@" + Sha)]
    [InlineData("busybox:1.36@" + Sha, "docker.io/library/busybox@" + Sha)]
    public void A_name_means_what_it_means_to_docker(string text, string full) => Assert.Equal(full, ImageName.Parse(text).ToString());

    [Theory]
    [InlineData("Busybox", "lower case: busybox")]
    [InlineData("team/Tool:1", "lower case")]
    [InlineData("a:b:c", "no valid tag")]
    [InlineData("busybox:", "no valid tag")]
    [InlineData("busybox:.1", "no valid tag")]
    [InlineData("busybox@sha256:12", "no valid digest")]
    [InlineData("busybox@md5:0123456789abcdef0123456789abcdef", "no valid digest")]
    [InlineData("a//b", "no image's name")]
    [InlineData("-a", "no image's name")]
    [InlineData("a_", "no image's name")]
    [InlineData("../x", "no valid registry")]
    [InlineData("./rootfs", "no valid registry")]
    [InlineData("/abs/path", "no image's name")]
    [InlineData("host:port/x", "no valid registry")]
    [InlineData("bad_host.example/x", "no valid registry")]
    [InlineData("x\n", "no image's name")]
    public void What_is_no_name_is_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<ImageException>(() => ImageName.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_may_have_255_characters_and_no_more()
    {
        string longest = "h.example/" + new string('a', 245);
        Assert.Equal($"{longest}:latest", ImageName.Parse(longest).ToString());
        Assert.Contains("too long", Assert.Throws<ImageException>(() => ImageName.Parse(longest + "a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_name_is_read_as_itself()
    {
        foreach (string text in new[] { "docker.io/library/busybox:latest", "localhost:5000/a/b:1", $"h.example/x@{Sha}" })
            Assert.Equal(text, ImageName.Parse(text).ToString());
    }
}
