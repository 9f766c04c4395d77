using CsCheck;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;

namespace Podspawn.Oci.Tests.Images;

public sealed class NameIndexSpecs : IDisposable
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private readonly TemporaryDirectory place = new();
    private readonly NameIndex names;

    public NameIndexSpecs() => names = new NameIndex(new StorePaths(place.Path));

    public void Dispose() => place.Dispose();

    [Theory]
    [InlineData("docker.io/library/busybox:latest")]
    [InlineData("localhost:5000/a/b/c:v1")]
    [InlineData("h.example/x@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("oci:/srv/layout")]
    [InlineData("oci:/srv/layout:tag")]
    [InlineData("oci:/srv/layout:a/b%c")]
    [InlineData("oci:/srv/@x/%y/%%z:1")]
    [InlineData("docker-archive:/srv/a.tar:docker.io/team/tool:1")]
    [InlineData("oci-archive:/srv/a.tar")]
    public void A_name_is_found_again_as_it_was_set(string name)
    {
        names.Set(name, new NamedImage(Digest));
        Assert.Equal([(name, Digest)], names.All());
        names.Remove(name);
        Assert.Empty(names.All());
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{place.Path}/names"));
    }

    [Fact]
    public void No_two_names_are_in_each_others_way()
    {
        string[] all = ["h.example/a:1", "h.example/a/b:1", "h.example/a:2", "h.example:5000/a:1", "oci:/a", "oci:/a/b", "oci:/a:b", "oci-archive:/a", "docker-archive:/a:1",
            "docker.io/library/h.example:1"];
        foreach (string name in all)
            names.Set(name, new NamedImage(Digest));
        Assert.Equal(all.Order(StringComparer.Ordinal), names.All().Select(name => name.Name));
    }

    [Fact]
    public void Any_path_is_found_again() =>
        Gen.String[Gen.Char["ab/:@%.- é"], 1, 40].Where(text => !text.Contains(':', StringComparison.Ordinal)).Sample(text =>
        {
            string path = Path.GetFullPath("/" + text.TrimStart('/'));
            if (path.Length < 2)
                return;
            string name = $"oci:{path.TrimEnd('/')}:t";
            names.Set(name, new NamedImage(Digest));
            Assert.Contains((name, Digest), names.All());
            names.Remove(name);
        }, threads: 1);

    [Fact]
    public void The_longest_name_and_tag_fit()
    {
        string name = $"h.example/{new string('a', 245)}:{new string('t', 128)}";
        names.Set(name, new NamedImage(Digest));
        Assert.Equal(Digest, names.Find(ImageSource.Parse(name))?.Digest);
    }

    [Fact]
    public void A_stamp_is_kept_with_the_digest()
    {
        names.Set("oci-archive:/a.tar", new NamedImage(Digest, "1:2:3"));
        Assert.Equal([("oci-archive:/a.tar", Digest)], names.All());
        Assert.Equal($"{Digest}\n1:2:3", File.ReadAllText($"{place.Path}/names/oci-archive/a.tar/:"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256:12")]
    [InlineData("../../etc/passwd")]
    public void A_damaged_entry_stands_for_nothing(string content)
    {
        names.Set("docker.io/library/x:1", new NamedImage(Digest));
        File.WriteAllText($"{place.Path}/names/docker/docker.io/library/x/:1", content);
        Assert.Null(names.Find(ImageSource.Parse("x:1")));
        Assert.Empty(names.All());
    }
}
