using Podspawn.Oci.Images;
using Podspawn.Oci.Images.References;

namespace Podspawn.Oci.Tests.Images;

public sealed class ImageSourceSpecs : IDisposable
{
    private readonly TemporaryDirectory place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void A_bare_word_is_a_name_in_a_registry()
    {
        ImageSource source = ImageSource.Parse("busybox");
        Assert.Equal((ImageTransport.Registry, true, "docker://docker.io/library/busybox:latest"), (source.Transport, source.Bare, source.ForSkopeo()));
    }

    [Fact]
    public void A_layout_may_have_a_tag()
    {
        ImageSource source = ImageSource.Parse($"oci:{place.Path}:v1");
        Assert.Equal((ImageTransport.OciLayout, place.Path, "v1"), (source.Transport, source.Path, source.Selector));
        Assert.Equal($"oci:{place.Path}:v1", source.ForSkopeo());
        Assert.Equal($"oci:{place.Path}", ImageSource.Parse($"oci:{place.Path}/.").Full());
    }

    [Fact]
    public void An_archive_may_name_the_image_in_it()
    {
        string file = $"{place.Path}/a.tar";
        File.WriteAllText(file, "");
        ImageSource source = ImageSource.Parse($"docker-archive:{file}:team/tool:1");
        Assert.Equal((ImageTransport.DockerArchive, file, "team/tool:1"), (source.Transport, source.Path, source.Selector));
        Assert.Equal(ImageTransport.OciArchive, ImageSource.Parse($"oci-archive:{file}").Transport);
    }

    [Fact]
    public void A_directory_and_a_bundle_are_taken_as_they_are()
    {
        Assert.Equal((ImageTransport.Directory, place.Path), (ImageSource.Parse($"dir:{place.Path}").Transport, ImageSource.Parse($"dir:{place.Path}").Path));
        Assert.Equal(ImageTransport.Bundle, ImageSource.Parse($"bundle:{place.Path}").Transport);
    }

    [Theory]
    [InlineData("oci:/nowhere:1", "there is no directory /nowhere")]
    [InlineData("oci-archive:/nowhere.tar", "there is no file /nowhere.tar")]
    [InlineData("docker-archive:", "names no path")]
    [InlineData("oci:/tmp:", "names no tag")]
    [InlineData("docker-daemon:busybox:latest", "is not supported")]
    [InlineData("https://registry.example/x", "is not supported")]
    [InlineData("docker://", "is no image's name")]
    [InlineData("", "is empty")]
    [InlineData("a\nb", "line break")]
    public void What_cannot_be_a_source_is_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<ImageException>(() => ImageSource.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_digest_alone_is_no_error_until_a_registry_is_meant()
    {
        ImageSource source = ImageSource.Parse("sha256:0123456789ab");
        Assert.True(source.Bare);
        Assert.Throws<ImageException>(() => ImageSource.Parse("SHA256:xyz").ForSkopeo());
    }
}
