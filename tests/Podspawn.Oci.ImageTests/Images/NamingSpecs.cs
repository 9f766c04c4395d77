using System.Text.Json.Nodes;
using Podspawn.Oci.ImageTests.Crafting;
using Podspawn.Oci.ImageTests.Registries;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>Names that are given and taken, and how images are listed, looked at, chosen and mounted.</summary>
public sealed class NamingSpecs : IDisposable
{
    private readonly Workshop shop = new();

    public void Dispose() => shop.Dispose();

    [Fact]
    public async Task A_further_name_stands_for_the_same_image_and_goes_alone()
    {
        string image = await Pull();
        (await shop.Call("tag", image, "tool", "127.0.0.1:5000/team/tool:1.0")).Succeeded();
        Assert.Equal(
            ["127.0.0.1:5000/team/tool 1.0", "localhost/tool latest", $"{image} <none>"],
            Rows(await shop.Call("images", "-n", "--sort", "repository")).Select(row => $"{row[0]} {row[1]}").Order(StringComparer.Ordinal));
        (await shop.Call("run", "-q", "--pull=never", "tool", "true")).Succeeded();
        (await shop.Call("untag", "tool", "localhost/tool:latest")).Succeeded();
        Assert.Equal(1, (await Image("exists", "tool")).Status);
        Assert.Equal(0, (await Image("exists", image)).Status);
        Outcome unknown = await shop.Call("untag", image, "other");
        Messages.AssertRefusal(unknown, image, "has not the name docker.io/library/other:latest");
        (await shop.Call("untag", image)).Succeeded();
        Assert.Equal("<none> <none>", Rows(await shop.Call("images", "-n", "--filter", "dangling=true")).Select(row => $"{row[0]} {row[1]}").Single());
    }

    [Theory]
    [InlineData("tool@sha256:0000000000000000000000000000000000000000000000000000000000000000", "digest comes of its content")]
    [InlineData("sha256:000000000000", "reads like the digest")]
    [InlineData("Tool", "lower case")]
    [InlineData("a/../b", "is no image's name")]
    public async Task A_name_that_an_image_cannot_have_is_refused(string name, string words)
    {
        Outcome refused = await shop.Call("tag", await Pull(), name);
        Assert.Equal(125, refused.Status);
        Assert.Contains(words, refused.Error, StringComparison.Ordinal);
        Assert.Single(Rows(await shop.Call("images", "-n")));
    }

    [Fact]
    public async Task The_image_that_is_not_there_gets_no_name()
    {
        Assert.Equal(125, (await shop.Call("tag", "nothing", "tool")).Status);
        Assert.Equal(125, (await Image("inspect", "nothing")).Status);
        Assert.Equal(125, (await shop.Call("history", "nothing")).Status);
    }

    [Fact]
    public async Task Filters_choose_images()
    {
        (await shop.Call("import", "--quiet", "-c", "LABEL role=base tier=", Archives.Pack(shop, TarEntry.File("a", "1")), "base:1")).Succeeded();
        (await shop.Call("import", "--quiet", Archives.Pack(shop, TarEntry.File("a", "2")), "127.0.0.1:5000/team/next:2")).Succeeded();
        foreach ((string filter, string expected) in new[]
        {
            ("label=role", "base"), ("label=role=base", "base"), ("label=role=other", ""), ("label=tier=", "base"), ("reference=*ase", "base"), ("reference=next:*", "next"),
            ("since=base:1", "next"), ("before=next:2", ""), ("before=127.0.0.1:5000/team/next:2", "base"), ("dangling=true", ""), ("dangling=no", "next base"),
        })
        {
            Outcome listed = await shop.Call("images", "-n", "--filter", filter);
            string found = listed.Status == 0 ? string.Join(' ', Rows(listed).Select(row => row[0].Split('/')[^1])) : "";
            Assert.True(expected == found, $"{filter}: {found} {listed.Error}");
        }
        Assert.Equal(125, (await shop.Call("images", "--filter", "danglin=true")).Status);
        Assert.Equal(125, (await shop.Call("images", "--filter", "dangling=maybe")).Status);
        Assert.Equal(125, (await shop.Call("images", "--sort", "beauty")).Status);
    }

    [Fact]
    public async Task Inspect_speaks_podmans_words()
    {
        string image = shop.Craft(Sample.Layered);
        string digest = (await shop.Call("pull", "-q", image)).Succeeded().Lines.Single();
        (await shop.Call("tag", image, "tool:1")).Succeeded();
        JsonNode told = JsonNode.Parse((await Image("inspect", "tool:1")).Succeeded().Text)![0]!;
        Assert.Equal(digest, (string?)told["Digest"]);
        Assert.Equal((await shop.Call("images", "-q", "--no-trunc")).Succeeded().Lines.Single(), $"sha256:{told["Id"]}");
        Assert.Equal("localhost/tool:1", (string?)told["RepoTags"]!.AsArray().Single());
        Assert.Equal($"localhost/tool@{digest}", (string?)told["RepoDigests"]!.AsArray().Single());
        Assert.Equal(("linux", LayoutBuilder.HostArchitecture, "1000:1000"), ((string?)told["Os"], (string?)told["Architecture"], (string?)told["User"]));
        Assert.Equal("hello", ((string?)told["Config"]!["Env"]![0])!.Split('=')[1]);
        Assert.Equal(3, told["RootFS"]!["Layers"]!.AsArray().Count);
        Assert.True((long)told["Size"]! > 0);
    }

    [Fact]
    public async Task A_mounted_image_cannot_be_written_to_run_or_removed()
    {
        string image = await Pull();
        string place = (await Image("mount", image)).Succeeded().Lines.Single();
        try
        {
            Assert.Equal(place, (await Image("mount", image)).Succeeded().Lines.Single());
            Assert.Contains(place, (await Image("mount")).Succeeded().Text, StringComparison.Ordinal);
            Assert.True(File.Exists($"{place}/bin/busybox"));
            Assert.Throws<IOException>(() => File.WriteAllText($"{place}/new", ""));
            Assert.Equal(126, (await Outcome.Of(CliWrap.Cli.Wrap("sh").WithArguments(["-c", "exec \"$0\" true", $"{place}/bin/busybox"]))).Status);
            Messages.AssertRefusal(await shop.Call("rmi", image), image, "is mounted at");
            (await Image("prune", "--all")).Succeeded();
            Assert.Single(Rows(await shop.Call("images", "-n")));
        }
        finally
        {
            (await Image("unmount", image)).Succeeded();
        }
        Assert.Empty((await Image("unmount", image)).Succeeded().Text);
        (await shop.Call("rmi", "--all")).Succeeded();
        await shop.AssertStoreIsEmpty(ofBlobsToo: true);
    }

    private async Task<string> Pull()
    {
        string image = shop.Craft(Sample.Plain);
        (await shop.Call("pull", "-q", image)).Succeeded();
        return image;
    }

    private Task<Outcome> Image(string verb, params string[] arguments) => PodspawnOci.Call(["image", verb, "--data-root", shop.Store, .. arguments]);

    private static string[][] Rows(Outcome listed) => [.. listed.Succeeded().Lines.Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}
