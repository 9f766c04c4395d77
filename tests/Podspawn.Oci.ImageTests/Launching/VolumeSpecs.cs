using System.Text.Json.Nodes;
using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.Launching;

/// <summary>The volumes that an image declares are there, as under docker: with what the image has at them, or made where it has nothing.</summary>
public sealed class VolumeSpecs : IDisposable
{
    private const string Look = "for d in /data /new/deep /to-somewhere /srv/made; do stat -c '%n %F %u:%g %a' $d/; done; cat /data/kept; for d in /data /new/deep /srv/made; do echo x > $d/x " +
        "&& echo written; done; stat -c %F /to-somewhere";

    private readonly Workshop shop = new();

    public void Dispose() => shop.Dispose();

    public static TheoryData<string, bool> All()
    {
        var all = new TheoryData<string, bool>();
        foreach (string runtime in new[] { "runc", "crun", "runsc" })
        {
            all.Add(runtime, false);
            all.Add(runtime, true);
        }
        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task They_have_the_images_content_and_owner_or_are_made(string runtime, bool readOnly)
    {
        Outcome run = await Run(runtime, Image("""{"/data":{},"/new/deep/":{},"/to-somewhere":{}}"""), readOnly, Look);
        Assert.Equal(
            ["/data/ directory 1000:1001 700", "/new/deep/ directory 0:0 755", "/to-somewhere/ directory 0:0 755", "/srv/made/ directory 0:0 755", "kept", "written", "written", "written",
                "symbolic link"],
            run.Succeeded().Lines);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task One_that_leads_to_the_kernels_own_files_is_refused(string runtime, bool readOnly)
    {
        Outcome run = await Run(runtime, Image("""{"/to-descriptor":{}}"""), readOnly, "true");
        Assert.Equal(125, run.Status);
        Assert.Contains("/to-descriptor is a symbolic link", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_mount_of_the_users_takes_their_place(string runtime, bool readOnly)
    {
        string image = Image("""{"/data":{},"/to-somewhere":{}}""");
        Outcome run = await Run(runtime, image, readOnly, "ls -A /data; echo x > /data/x && ls /data; cat /srv/made/secret", "--tmpfs", "/data/", "-v", $"{shop.Canary}/:/to-somewhere/:ro");
        Assert.Equal(["x", "nobody writes here"], run.Succeeded().Lines);
        shop.AssertUntouched();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task One_where_the_image_has_a_file_or_the_kernel_its_own_keeps_no_image_from_running(string runtime) =>
        Assert.Equal(["kept"], (await Run(runtime, Image("""{"/data/kept":{},"/proc/x":{}}"""), readOnly: false, "cat /data/kept")).Succeeded().Lines);

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task They_are_volumes_without_a_name_that_other_containers_share_and_that_go_when_they_are_told_to(string runtime)
    {
        string[] before = await Volumes();
        string name = $"volume-{Guid.NewGuid():N}"[..30], image = Image("""{"/data":{},"/new/deep/":{}}""");
        try
        {
            (await shop.Call("run", ["-d", "--quiet", "--runtime", runtime, "--name", name, image, "sh", "-c", "echo shared > /data/x; sleep 600"])).Succeeded();
            Assert.Equal(2, (await Volumes()).Except(before).Count());
            Assert.Equal("/data /new/deep ", (await PodspawnOci.Call(["inspect", name, "--format", "{{range .Mounts}}{{.Destination}} {{end}}"])).Succeeded().Text.Trim('\n'));
            await Eventually.Holds("it has written", async () => (await Run(runtime, image, false, "cat /data/x", "--volumes-from", name)).Text == "shared\n");
            // A container in the foreground takes its own away, and not those of another.
            Assert.Equal(2, (await Volumes()).Except(before).Count());
            Outcome written = await Run(runtime, image, true, "echo x > /data/x; cat /data/kept", "--volumes-from", $"{name}:ro");
            Assert.Equal("kept\n", written.Text);
            (await PodspawnOci.Call(["rm", "--force", name])).Succeeded();
            Assert.Equal(2, (await Volumes()).Except(before).Count());
        }
        finally
        {
            await PodspawnOci.Call(["rm", "--force", "--volumes", name]);
            (await PodspawnOci.Call(["volume", "rm", "--force", .. (await Volumes()).Except(before)])).Succeeded();
        }
        (await shop.Call("run", ["-d", "--quiet", "--runtime", runtime, "--name", name, image, "true"])).Succeeded();
        (await PodspawnOci.Call(["rm", "--force", "--volumes", name])).Succeeded();
        Assert.Equal(before, await Volumes());
    }

    [Theory]
    [InlineData("tmpfs", "tmpfs", "")]
    [InlineData("ignore", "", "kept")]
    public async Task They_are_tmpfs_mounts_or_nothing_where_that_is_said(string mode, string type, string content)
    {
        Outcome run = (await Run("runc", Image("""{"/data":{}}"""), readOnly: false, "grep ' /data ' /proc/self/mounts | cut -d' ' -f3; cat /data/kept 2>/dev/null", "--image-volume", mode));
        Assert.Equal(new[] { type, content }.Where(line => line.Length > 0), run.Lines);
    }

    private static async Task<string[]> Volumes() => (await PodspawnOci.Call(["volume", "ls", "--quiet"])).Succeeded().Lines;

    private string Image(string volumes) => shop.Craft(new CraftedImage(
        CraftedLayer.OfTree(Repository.Busybox),
        CraftedLayer.Of(
            TarEntry.Directory("data/", 0x1C0) with { Uid = 1000, Gid = 1001 }, TarEntry.File("data/kept", "kept\n"),
            TarEntry.Symlink("to-somewhere", "srv/made"), TarEntry.Symlink("to-descriptor", "/proc/self/fd/8")))
    {
        Config = new JsonObject { ["Volumes"] = JsonNode.Parse(volumes) },
    });

    private Task<Outcome> Run(string runtime, string image, bool readOnly, string script, params string[] flags) =>
        shop.Call("run", ["--quiet", "--runtime", runtime, $"--read-only={(readOnly ? "true" : "false")}", .. flags, image, "sh", "-c", script]);
}
