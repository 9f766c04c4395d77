using System.Text.Json.Nodes;
using Podspawn.Oci.ImageTests.Crafting;
using Podspawn.Oci.ImageTests.Registries;

namespace Podspawn.Oci.ImageTests.Launching;

/// <summary>Containers that become images: with what they have changed, and nothing of what the launch has.</summary>
public sealed class CommitSpecs : IDisposable
{
    private const string Change = "echo new > /made; echo more >> /data/kept; rm /old/b; rm -r /etc/sub; mkdir -p /old/deep; ln /made /twin; ln -s made /link; chmod 4755 /made; sleep 60";
    private readonly Workshop shop = new();
    private readonly List<string> containers = [];

    public void Dispose()
    {
        foreach (string container in containers)
            Tool.Run(Repository.Command, "rm", "--force", container);
        shop.Dispose();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_running_container_becomes_an_image_with_what_it_has_changed(string runtime)
    {
        string id = await Run(runtime, Change, "--tmpfs", "/mnt", "-e", "WORD=bye");
        await Eventually.Is(true, () => Tool.Run(Repository.Command, "diff", id).Contains("A /link", StringComparison.Ordinal));
        string image = (await shop.Call("commit", "-q", "--author", "me", "--message", "why", "-c", "CMD echo $WORD", id, "made:1")).Succeeded().Lines.Single();
        Assert.Matches("^[0-9a-f]{64}$", image);
        Outcome ran = await shop.Call("run", "-q", "--pull=never", "--entrypoint", "", "-u", "0", "made:1", "sh", "-c",
            "cat /made /data/kept /link; ls /old; test -e /etc/sub || echo gone; stat -c %a:%h /made; ls /mnt 2>/dev/null | wc -l");
        Assert.Equal(["new", "keptmore", "new", "a", "deep", "gone", "4755:2", "0"], ran.Succeeded().Lines);
        Assert.Equal(["bye"], (await shop.Call("run", "-q", "--pull=never", "--entrypoint", "", "made:1", "sh", "-c", "echo $WORD")).Succeeded().Lines);
        JsonNode told = JsonNode.Parse((await PodspawnOci.Call(["image", "inspect", "--data-root", shop.Store, "made:1"])).Succeeded().Text)![0]!;
        Assert.Equal(("me", "why", 4), ((string?)told["Author"], (string?)told["Comment"], told["RootFS"]!["Layers"]!.AsArray().Count));
        shop.AssertNothingStaged();
    }

    [Fact]
    public async Task A_stopped_container_and_one_that_was_never_started_become_images_too()
    {
        string id = await Run("runc", "echo new > /made");
        (await PodspawnOci.Call(["wait", id])).Succeeded();
        (await shop.Call("commit", "-q", id, "stopped")).Succeeded();
        Assert.Equal(["new"], (await shop.Call("run", "-q", "--pull=never", "--entrypoint", "", "stopped", "cat", "/made")).Succeeded().Lines);
        string never = (await shop.Call("create", "-q", "--runtime", "runc", "stopped")).Succeeded().Lines.Single();
        containers.Add(never);
        (await shop.Call("commit", "-q", never, "never")).Succeeded();
        Assert.Equal(["new"], (await shop.Call("run", "-q", "--pull=never", "--entrypoint", "", "never", "cat", "/made")).Succeeded().Lines);
    }

    [Fact]
    public async Task A_container_without_an_image_below_becomes_one_layer_with_everything()
    {
        string id = (await shop.Call("create", "-q", "--runtime", "runc", "--rootfs", Repository.Busybox, "sh", "-c", "echo new > /made")).Succeeded().Lines.Single();
        containers.Add(id);
        (await PodspawnOci.Call(["start", id])).Succeeded();
        (await PodspawnOci.Call(["wait", id])).Succeeded();
        (await shop.Call("commit", "-q", "-c", "CMD cat /made", id, "flat")).Succeeded();
        Assert.Equal(["new"], (await shop.Call("run", "-q", "--pull=never", "flat")).Succeeded().Lines);
    }

    [Fact]
    public async Task A_wrong_change_is_refused_before_anything_is_made()
    {
        string id = await Run("runc", "sleep 60");
        int blobs = Directory.GetFiles($"{shop.Store}/blobs/sha256").Length;
        Outcome refused = await shop.Call("commit", "-q", "-c", "FROM x", id, "bad");
        Messages.AssertRefusal(refused, "--change: 'FROM x'", "is no instruction that changes an image");
        Assert.Equal(125, (await shop.Call("commit", "-q", "--max-size", "1k", id, "bad")).Status);
        Assert.Equal(blobs, Directory.GetFiles($"{shop.Store}/blobs/sha256").Length);
        shop.AssertNothingStaged();
    }

    [Fact]
    public async Task A_container_that_was_paused_for_it_goes_on()
    {
        string id = await Run("runc", "sleep 60");
        (await shop.Call("commit", "-q", "--pause", id, "paused")).Succeeded();
        Assert.Contains("Up", (await PodspawnOci.Call(["ps", "--filter", $"id={id}"])).Succeeded().Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Paused", (await PodspawnOci.Call(["ps", "--filter", $"id={id}"])).Succeeded().Text, StringComparison.Ordinal);
    }

    private async Task<string> Run(string runtime, string command, params string[] flags)
    {
        CraftedImage image = Sample.Layered with { Layers = [.. Sample.Layered.Layers[..2], CraftedLayer.Of(TarEntry.Directory("old"), TarEntry.File("old/b", "b"), TarEntry.Directory("etc/sub"), TarEntry.File("etc/sub/x", "x"))] };
        (await shop.Call("pull", "-q", shop.Craft(image))).Succeeded();
        string id = (await shop.Call("run", ["-d", "-q", "--runtime", runtime, "-u", "0", .. flags, "--entrypoint", "", "--pull=never", $"oci:{shop.Root}/layout:image", "sh", "-c", command])).Succeeded().Lines.Single();
        containers.Add(id);
        return id;
    }
}
