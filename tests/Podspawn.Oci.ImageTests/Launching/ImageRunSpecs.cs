using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;
using Podspawn.Oci.ImageTests.Crafting;
using Podspawn.Oci.ImageTests.Registries;

namespace Podspawn.Oci.ImageTests.Launching;

/// <summary>An image's configuration determines the container's process, under each runtime.</summary>
public sealed class ImageRunSpecs : IDisposable
{
    private readonly Workshop shop = new();

    public void Dispose() => shop.Dispose();

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_configuration_is_the_process(string runtime)
    {
        string image = shop.Craft(Configured());
        Outcome run = await Run(runtime, image);
        Assert.Equal(["hello world", "/made/here", "1000:1001", "/home/app", "a b|c|"], run.Succeeded().Lines);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Words_after_the_image_are_the_entry_points_arguments(string runtime)
    {
        string image = shop.Craft(Configured());
        Assert.Equal("x y|", (await Run(runtime, image, "x y")).Succeeded().Lines[^1]);
        Assert.Equal(["z"], (await Run(runtime, "--entrypoint", "echo", image, "z")).Succeeded().Lines);
        Assert.Equal(["1 2"], (await Run(runtime, "--entrypoint", """["echo","1"]""", image, "2")).Succeeded().Lines);
        Assert.Equal(["plain"], (await Run(runtime, "--entrypoint", "", image, "echo", "plain")).Succeeded().Lines);
        Assert.Equal(125, (await Run(runtime, "--entrypoint", "", image)).Status);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Flags_win_over_the_configuration(string runtime)
    {
        string image = shop.Craft(Configured());
        Outcome run = await Run(runtime, "-e", "WORD=bye", "-u", "0", "-w", "/tmp", image);
        Assert.Equal(["bye world", "/tmp", "0:0"], run.Succeeded().Lines[..3]);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_volume_can_be_written_where_the_root_cannot_and_holds_what_the_image_has_there(string runtime)
    {
        string image = shop.Craft(Configured());
        const string Script = "cat /data/kept && echo new > /data/kept && cat /data/kept && echo x > /empty/volume/x && cat /empty/volume/x; echo x 2>/dev/null > /x || echo " +
            "refused";
        string[] command = ["-u", "0", "--read-only", "--entrypoint", "sh", image, "-c", Script];
        Assert.Equal(["kept", "new", "x", "refused"], (await Run(runtime, command)).Succeeded().Lines);
        // It was removed with the container.
        Assert.Equal(["kept", "new", "x", "refused"], (await Run(runtime, command)).Succeeded().Lines);
        Outcome mine = await Run(runtime, "--read-only", "--tmpfs", "/data", "--entrypoint", "ls", image, "/data");
        Assert.Empty(mine.Succeeded().Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_a_container_writes_is_no_other_containers(string runtime)
    {
        string image = shop.Craft(Configured());
        (await Run(runtime, "-u", "0", "--entrypoint", "sh", image, "-c", "echo mine > /data/kept; rm -r /bin/ls /etc; mkdir /new")).Succeeded();
        Assert.Equal(["kept"], (await Run(runtime, "--entrypoint", "sh", image, "-c", "cat /data/kept; test ! -e /new && test -d /etc")).Succeeded().Lines);
        string digest = (await shop.Call("pull", "-q", image)).Succeeded().Lines.Single();
        (_, string byHand, _) = await shop.UnpackByHand();
        TreeListing.Of(shop.RootOf(digest)).AssertSame(TreeListing.Of(byHand));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_exit_status_is_the_commands(string runtime)
    {
        string image = shop.Craft(Configured());
        Assert.Equal(7, (await Run(runtime, "--entrypoint", "sh", image, "-c", "exit 7")).Status);
        Assert.Equal(127, (await Run(runtime, "--entrypoint", "no-such-command", image)).Status);
        Assert.Equal(126, (await Run(runtime, "--entrypoint", "/etc", image)).Status);
    }

    [Theory]
    [InlineData("oci-archive")]
    [InlineData("docker-archive")]
    public async Task An_archive_is_run_as_its_registry_image_is_and_read_again_only_when_it_changed(string transport)
    {
        shop.Craft(Sample.Layered);
        string archive = $"{shop.Root}/layout.tar";
        await Convert($"oci:{shop.Root}/layout:image", $"{transport}:{archive}:team/tool:1");
        Assert.Equal("hello", (await shop.Call("run", "-q", $"{transport}:{archive}")).Succeeded().Lines[0]);
        Assert.Contains("fetching", (await shop.Call("run", "--pull=always", $"{transport}:{archive}")).Succeeded().Error, StringComparison.Ordinal);
        Assert.Empty((await shop.Call("run", $"{transport}:{archive}")).Succeeded().Error);
        // Another image in the file is another container.
        shop.Craft(Sample.Plain, "layout-other");
        File.Delete(archive);
        await Convert($"oci:{shop.Root}/layout-other:image", $"{transport}:{archive}:team/tool:1");
        Assert.Equal(["other"], (await shop.Call("run", "-q", $"{transport}:{archive}", "echo", "other")).Succeeded().Lines);
    }

    [Fact]
    public async Task A_saved_image_that_is_pulled_has_its_own_names()
    {
        shop.Craft(Sample.Plain);
        string archive = $"{shop.Root}/layout.tar";
        await Convert($"oci:{shop.Root}/layout:image", $"docker-archive:{archive}:team/tool:1");
        (await shop.Call("pull", "-q", $"docker-archive:{archive}")).Succeeded();
        (await shop.Call("run", "--pull=never", "team/tool:1", "true")).Succeeded();
    }

    [Fact]
    public async Task A_layout_is_read_again_when_its_tag_moved()
    {
        string image = shop.Craft(Sample.Plain);
        (await shop.Call("run", "-q", image, "true")).Succeeded();
        Assert.Empty((await shop.Call("run", image, "true")).Succeeded().Error);
        Directory.Delete($"{shop.Root}/layout", recursive: true);
        shop.Craft(Sample.Layered);
        Assert.Equal("hello", (await shop.Call("run", "-q", image)).Succeeded().Lines[0]);
    }

    [Fact]
    public async Task Without_an_image_the_config_names_one()
    {
        string image = shop.Craft(Sample.Layered), config = $"{shop.Root}/layout.yaml";
        File.WriteAllText(config, $"defaults:\n  image: {image}\n");
        Assert.Equal("hello", (await shop.Call("run", "-q", "--config", config)).Succeeded().Lines[0]);
        Outcome none = await shop.Call("run", "-q");
        Assert.Equal(125, none.Status);
        Assert.Contains("defaults.image", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_and_a_bundle_can_be_named_like_images()
    {
        Assert.Equal(["here"], (await shop.Call("run", $"dir:{Repository.Busybox}", "echo", "here")).Succeeded().Lines);
        string bundle = Directory.CreateDirectory($"{shop.Root}/layout-bundle").FullName;
        Outcome spec = await PodspawnOci.Call(["spec", "--rootfs", Repository.Busybox, "--", "echo", "of the bundle"]);
        File.WriteAllText($"{bundle}/config.json", spec.Succeeded().Text);
        Assert.Equal(["of the bundle"], (await shop.Call("run", $"bundle:{bundle}")).Succeeded().Lines);
    }

    [Fact]
    public async Task An_image_can_be_verified_and_explained()
    {
        string image = shop.Craft(Sample.Layered);
        Outcome unknown = await shop.Call("explain", "--image", image);
        Assert.Equal(125, unknown.Status);
        Assert.Contains("pull it first", unknown.Error, StringComparison.Ordinal);
        (await shop.Call("pull", "-q", image)).Succeeded();
        JsonNode spec = JsonNode.Parse((await shop.Call("spec", "--image", image)).Succeeded().Text)!;
        Assert.Equal(["/bin/sh", "-c", "echo $WORD; cat data/kept; ls data old; id -u"], spec["process"]!["args"]!.AsArray().Select(word => (string)word!));
        Assert.EndsWith("everything holds\n", (await shop.Call("verify", "--image", image, "--read-only")).Succeeded().Text, StringComparison.Ordinal);
    }

    private static CraftedImage Configured()
    {
        byte[] script = "#!/bin/sh\necho $WORD world; pwd; echo $(id -u):$(id -g); echo $HOME; printf '%s|' \"$@\"; echo\n"u8.ToArray();
        return new CraftedImage(
            CraftedLayer.OfTree(Repository.Busybox),
            CraftedLayer.Of(
                TarEntry.File("etc/passwd", "root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n"),
                new TarEntry("entry") { Mode = 0x1ED, Content = script },
                TarEntry.Directory("data"), TarEntry.File("data/kept", "kept\n")))
        {
            Config = JsonNode.Parse("""
                {"Entrypoint":["/entry"],"Cmd":["a b","c"],"Env":["WORD=hello","PATH=/bin:/usr/bin"],"User":"app","WorkingDir":"/made/here","Volumes":{"/data":{},"/empty/volume":{}}}
                """),
        };
    }

    private Task<Outcome> Run(string runtime, params string[] words) => shop.Call("run", ["-q", "--runtime", runtime, .. words]);

    private static async Task Convert(string from, string to)
    {
        BufferedCommandResult result = await Cli.Wrap("skopeo").WithArguments(["copy", "--quiet", from, to]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        Assert.True(result.ExitCode == 0, result.StandardError);
    }
}
