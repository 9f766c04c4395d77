using System.Text.Json;
using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.Launching;

/// <summary>Images that are mounted in a container that runs from another one.</summary>
public sealed class ImageMountSpecs : IDisposable
{
    private const string Name = "localhost/mounted:1";

    private readonly Workshop shop = new();
    private readonly string container = $"mounts-{Guid.NewGuid():N}"[..30];

    public void Dispose()
    {
        PodspawnOci.Call(["rm", "--force", container]).GetAwaiter().GetResult();
        shop.Dispose();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task One_is_read_only_unless_it_is_said_otherwise_and_stays_as_it_is(string runtime)
    {
        (string image, string root) = await Images();
        TreeListing before = TreeListing.Of(root);
        Assert.Equal("there\n", (await Run(runtime, image, "cat /im/data/kept", Mount())).Succeeded().Text);
        Assert.NotEqual(0, (await Run(runtime, image, "echo x > /im/new", Mount())).Status);
        Assert.NotEqual(0, (await Run(runtime, image, "rm /im/data/kept", Mount(",ro"))).Status);
        foreach (string key in new[] { "rw", "rw=true", "readwrite=true", "readonly=false" })
            Assert.Equal("new\n", (await Run(runtime, image, "rm -r /im/data && echo new > /im/new && cat /im/new; test ! -e /im/data", Mount($",{key}"), "--read-only")).Succeeded().Text);
        before.AssertSame(TreeListing.Of(root));
        shop.AssertUntouched();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Its_devices_open_nothing_and_its_set_id_programs_give_no_rights(string runtime)
    {
        (string image, _) = await Images();
        foreach (string access in new[] { "", ",rw=true" })
        {
            Assert.Equal("refused\n", (await Run(runtime, image, "cat /im/node 2>/dev/null || echo refused", Mount(access))).Succeeded().Text);
            // busybox's su says at its start whether it has the rights of its owner.
            Outcome asked = await Run(runtime, image, "/im/su 2>&1", Mount(access), "-u", "1000", "--security-opt", "no-new-privileges=false");
            Assert.Contains("must be suid", asked.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_is_written_is_the_containers_alone_and_is_there_again_after_a_restart(string runtime)
    {
        (string image, string root) = await Images();
        (await shop.Call("create", ["--quiet", "--runtime", runtime, "--name", container, .. Mount(",rw=true"), image, "sh", "-c", "echo again >> /im/new; cat /im/new"])).Succeeded();
        Assert.Equal("again\n", (await PodspawnOci.Call(["start", "-a", container])).Succeeded().Text);
        Assert.Equal("again\nagain\n", (await PodspawnOci.Call(["start", "-a", container])).Succeeded().Text);
        Assert.False(File.Exists($"{root}/new"));
        JsonElement mount = JsonDocument.Parse((await PodspawnOci.Call(["inspect", container])).Succeeded().Output).RootElement[0].GetProperty("Mounts")[0];
        Assert.Equal(("image", Name, "/im", true), (
            mount.GetProperty("Type").GetString(), mount.GetProperty("Source").GetString(), mount.GetProperty("Destination").GetString(), mount.GetProperty("RW").GetBoolean()));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task It_is_in_use_as_long_as_the_container_is_there(string runtime)
    {
        (string image, string root) = await Images();
        (await shop.Call("create", ["--quiet", "--runtime", runtime, "--name", container, .. Mount(), image, "true"])).Succeeded();
        Messages.AssertRefusal(await shop.Call("rmi", Name), Name, "is used by the container");
        (await PodspawnOci.Call(["image", "prune", "--all", "--data-root", shop.Store])).Succeeded();
        Assert.True(Directory.Exists(root));
        Assert.Empty(Leftovers());
        (await PodspawnOci.Call(["rm", container])).Succeeded();
        (await shop.Call("rmi", Name)).Succeeded();
        Assert.False(Directory.Exists(root));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_link_at_its_place_leads_to_where_the_container_would_find_it(string runtime)
    {
        (string image, _) = await Images();
        Assert.Equal("there\n", (await Run(runtime, image, "cat /srv/made/data/kept", "--mount", $"type=image,src={Name},dst=/to-somewhere")).Succeeded().Text);
        Assert.Equal("there\n", (await Run(runtime, image, $"cat {shop.Canary}/data/kept", "--mount", $"type=image,src={Name},dst=/to-canary")).Succeeded().Text);
        shop.AssertUntouched();
    }

    [Theory]
    [InlineData("dst=/", "the root itself")]
    [InlineData("dst=/proc", "the kernel's own files")]
    [InlineData("dst=/sys/fs", "the kernel's own files")]
    [InlineData("dst=/dev", "it holds the devices")]
    [InlineData("dst=im", "no absolute path")]
    [InlineData("dst=/bin/sh", "no directory")]
    [InlineData("dst=/to-descriptor", "symbolic link")]
    [InlineData("dst=/im,bind-propagation=private", "of another")]
    [InlineData("dst=/im,U", "no 'chown'")]
    [InlineData("dst=/im,suid", "no 'suid'")]
    [InlineData("dst=/im,rw=perhaps", "true or false")]
    [InlineData("dst=/im,rw,ro", "both ro and rw")]
    public async Task What_cannot_be_is_refused_and_leaves_nothing(string rest, string told)
    {
        (string image, _) = await Images();
        AssertRefused(await Run("runc", image, "true", "--mount", $"type=image,src={Name},{rest}"), told);
        Assert.Empty(Leftovers());
    }

    [Fact]
    public async Task Two_mounts_at_one_place_and_an_image_that_is_nowhere_are_refused()
    {
        (string image, _) = await Images();
        AssertRefused(await Run("runc", image, "true", [.. Mount(), "-v", "/im"]), "duplicate mount destination");
        AssertRefused(await Run("runc", image, "true", [.. Mount(), .. Mount(",rw=true")]), "duplicate mount destination");
        AssertRefused(await Run("runc", image, "true", [.. Mount(), "--tmpfs", "/im"]), "duplicate mount destination");
        AssertRefused(await Run("runc", image, "true", "--pull", "never", "--mount", "type=image,src=localhost/nowhere,dst=/im"), "is not in the store");
        AssertRefused(await Run("runc", image, "true", "--mount", $"type=image,src=dir:{shop.Canary},dst=/im"), "no image");
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_mount_below_a_read_only_one_makes_nothing_in_the_store(string runtime)
    {
        (string image, string root) = await Images();
        TreeListing before = TreeListing.Of(root);
        Assert.Equal(125, (await Run(runtime, image, "true", [.. Mount(), "-v", $"{shop.Canary}:/im/new:ro"])).Status);
        Assert.Equal("nobody writes here", (await Run(runtime, image, "cat /im/new/secret", [.. Mount(",rw=true"), "-v", $"{shop.Canary}:/im/new:ro"])).Succeeded().Text);
        before.AssertSame(TreeListing.Of(root));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("start")]
    public async Task One_that_is_killed_while_it_is_mounted_leaves_nothing(string verb)
    {
        (string image, string root) = await Images();
        string[] launch = ["--data-root", shop.Store, "--runtime", "crun", "--name", container, .. Mount(",rw=true"), image, "true"];
        if (verb == "start")
            (await PodspawnOci.Call(["create", .. launch])).Succeeded();
        Outcome killed = await Outcome.Of(CliWrap.Cli.Wrap(Repository.FaultCommand).WithArguments(verb == "run" ? ["run", .. launch] : ["start", container])
            .WithEnvironmentVariables(new Dictionary<string, string?> { ["PODSPAWN_OCI_FAULT"] = "images.mounted" }));
        Assert.Equal(137, killed.Status);
        Assert.Empty(Leftovers());
        await PodspawnOci.Call(["gc"]);
        if (verb == "start")
            (await PodspawnOci.Call(["start", "-a", container])).Succeeded();
        (await PodspawnOci.Call(["rm", "--force", container])).Succeeded();
        (await shop.Call("rmi", Name)).Succeeded();
        Assert.False(Directory.Exists(root));
    }

    private static void AssertRefused(Outcome outcome, string told)
    {
        Assert.Equal(125, outcome.Status);
        Assert.Contains(told, outcome.Error, StringComparison.Ordinal);
    }

    private static string[] Mount(string more = "") => ["--mount", $"type=image,src={Name},dst=/im{more}"];

    private string[] Leftovers() => [.. File.ReadAllLines("/proc/self/mounts").Where(line => line.Contains(shop.Root, StringComparison.Ordinal))];

    // The one that the container runs from, and the root filesystem of the one that it mounts.
    private async Task<(string Image, string MountedRoot)> Images()
    {
        string image = shop.Craft(new CraftedImage(
            CraftedLayer.OfTree(Repository.Busybox),
            CraftedLayer.Of(TarEntry.Symlink("to-somewhere", "srv/made"), TarEntry.Symlink("to-canary", shop.Canary), TarEntry.Symlink("to-descriptor", "/proc/self/fd/8"))));
        string mounted = shop.Craft(
            new CraftedImage(
                CraftedLayer.OfTree(Repository.Busybox),
                CraftedLayer.Of(
                    TarEntry.Directory("data/"), TarEntry.File("data/kept", "there\n"), TarEntry.Node("node", '3', 1, 3) with { Mode = 0x1B6 },
                    new TarEntry("su") { Mode = 0x9ED, Content = File.ReadAllBytes($"{Repository.Busybox}/bin/busybox") })),
            "layout-mounted");
        string root = await shop.Pull(mounted);
        (await shop.Call("tag", mounted, Name)).Succeeded();
        // The name of its layout goes, so that it has one name.
        (await shop.Call("rmi", mounted)).Succeeded();
        return (image, root);
    }

    private Task<Outcome> Run(string runtime, string image, string script, params string[] flags) =>
        shop.Call("run", ["--quiet", "--runtime", runtime, .. flags, image, "sh", "-c", script]);

    private Task<Outcome> Run(string runtime, string image, string script, string[] mount, params string[] flags) => Run(runtime, image, script, [.. mount, .. flags]);
}
