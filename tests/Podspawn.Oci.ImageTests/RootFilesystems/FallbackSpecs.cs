using System.Diagnostics;
using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.RootFilesystems;

/// <summary>The drivers that receive a container's writes where overlayfs is not available, or not asked for.</summary>
public sealed class FallbackSpecs : IDisposable
{
    private const string Scratch = "/var/lib/podspawn-oci/scratch";

    // Reads, writes, replaces, removes, links and lists files of the image; the output is the same in every run. The file with two names is not
    // written to: overlayfs would give the one name its own file (index=off), the other drivers would not.
    private const string Work = """
        set -e
        cat /data/file /data/sub/file
        echo more >> /data/file; echo new > /data/new; rm /data/gone; rm -r /data/directory; mkdir /data/directory; touch /data/directory/again
        mv /data/moved /data/sub/moved; ln /data/new /data/hard; ln -s new /data/soft; mkfifo /data/pipe
        chmod 4711 /data/mode; chown 5:6 /data/owner
        ls -ln /data /data/sub /data/directory | awk '{ print $1, $3, $4, $9, $10, $11 }'
        cat /data/second-name /data/file /data/hard
        stat -c '%a %u %g' / /data /tmp
        """;

    private readonly Workshop workshop = new();
    private readonly string name = $"fallback-{Guid.NewGuid().ToString("N")[..12]}";

    public static TheoryData<string> Drivers => ["overlay", "fuse-overlayfs", "copy"];

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Every_driver_gives_the_same_result_and_discards_what_was_written(string driver)
    {
        string image = Craft();
        string tree = await workshop.Pull(image);
        TreeListing before = TreeListing.Of(tree, watched: true);
        string expected = (await Run(image, "overlay", "sh", "-c", Work)).Succeeded().Text;
        Assert.Contains("-rws--x--x", expected, StringComparison.Ordinal);
        foreach (int _ in Enumerable.Range(0, 2))
        {
            Outcome ran = await Run(image, driver, "sh", "-c", Work);
            Assert.Equal(expected, ran.Succeeded().Text);
            Assert.Empty(ran.Error);
            before.AssertSame(TreeListing.Of(tree, watched: true));
            await Leftovers.AssertNone(name);
        }
        workshop.AssertUntouched();
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Every_driver_serves_users_other_than_root(string driver)
    {
        Outcome ran = await workshop.Call("run", "--quiet", "--name", name, "--runtime", "runc", "--storage-driver", driver, "--user", "5:6", Craft(),
            "sh", "-c", "echo mine > /data/own/x; cat /data/own/x; echo no > /data/file; cat /data/private; id -u");
        Assert.Equal("mine\n5\n", ran.Text);
        Assert.Contains("/data/file: Permission denied", ran.Error, StringComparison.Ordinal);
        Assert.Contains("'/data/private': Permission denied", ran.Error, StringComparison.Ordinal);
        await Leftovers.AssertNone(name);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Every_driver_keeps_a_read_only_root_read_only(string driver)
    {
        Outcome ran = await workshop.Call("run", "--quiet", "--name", name, "--runtime", "runc", "--storage-driver", driver, "--read-only", Craft(), "sh", "-c",
            "cat /data/file; echo no > /data/file");
        Assert.Equal("lower\n", ran.Text);
        Assert.Contains("Read-only file system", ran.Error, StringComparison.Ordinal);
        Assert.Equal(1, ran.Status);
        await Leftovers.AssertNone(name);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task The_next_command_clears_away_what_a_killed_launcher_leaves(string driver)
    {
        string image = Craft();
        await workshop.Pull(image);
        using Process launcher = Process.Start(new ProcessStartInfo(Repository.Command, [
            "run", "--data-root", workshop.Store, "--name", name, "--runtime", "runc", "--storage-driver", driver, image, "sh", "-c", "echo started; exec sleep 1000"])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.Equal("started", await launcher.StandardOutput.ReadLineAsync());
        }
        finally
        {
            launcher.Kill();
            await launcher.WaitForExitAsync();
        }
        Assert.NotEmpty(Leftovers.Of(name));
        (await workshop.Call("run", "--quiet", "--runtime", "runc", image, "true")).Succeeded();
        await Leftovers.AssertNone(name);
    }

    [Fact]
    public async Task Where_overlayfs_takes_no_layer_fuse_overlayfs_does_and_a_note_says_so()
    {
        string image = Craft();
        string expected = (await Run(image, "overlay", "sh", "-c", Work)).Succeeded().Text;
        await using MountNamespace host = await WithScratchOnOverlay();
        Outcome ran = await RunIn(host, image, "auto", "sh", "-c", Work);
        Assert.Equal(expected, ran.Succeeded().Text);
        Assert.Matches(@"^podspawn-oci: note: rootfs: .*: fuse-overlayfs takes what the container writes\n$", ran.Error);
        await AssertNothingIn(host);
    }

    [Fact]
    public async Task Where_fuse_is_missing_too_a_copy_does_and_a_note_says_so()
    {
        string image = Craft();
        string expected = (await Run(image, "overlay", "sh", "-c", Work)).Succeeded().Text;
        await using MountNamespace host = await WithScratchOnOverlay();
        (await host.Run("mount", "--bind", $"{workshop.Canary}/secret", "/dev/fuse")).Succeeded();
        Outcome ran = await RunIn(host, image, "auto", "sh", "-c", Work);
        Assert.Equal(expected, ran.Succeeded().Text);
        Assert.Matches(@"^podspawn-oci: note: rootfs: .*; fuse-overlayfs fails .*: a copy of the root filesystem takes what the container writes\n$", ran.Error);
        await AssertNothingIn(host);
    }

    [Theory]
    [InlineData("overlay", "the kernel puts no overlay on it")]
    [InlineData("fuse-overlayfs", "fuse-overlayfs fails")]
    public async Task A_driver_that_was_asked_for_and_does_not_work_is_an_error(string driver, string words)
    {
        string image = Craft();
        await workshop.Pull(image);
        await using MountNamespace host = await WithScratchOnOverlay();
        (await host.Run("mount", "--bind", $"{workshop.Canary}/secret", "/dev/fuse")).Succeeded();
        Outcome ran = await RunIn(host, image, driver, "true");
        Assert.Equal(125, ran.Status);
        Assert.Contains($"cannot be given a layer for what the container writes: {words}", ran.Error, StringComparison.Ordinal);
        await AssertNothingIn(host);
    }

    public void Dispose() => workshop.Dispose();

    private string Craft() => workshop.Craft(new CraftedImage(CraftedLayer.OfTree(Repository.Busybox), CraftedLayer.Of(
        TarEntry.Directory("data/") with { Mode = 0x1ED, Uid = 3 },
        TarEntry.File("data/file", "lower\n"), TarEntry.File("data/gone"), TarEntry.File("data/moved", "moved\n"), TarEntry.File("data/mode"), TarEntry.File("data/owner"),
        TarEntry.File("data/private") with { Mode = 0x180 },
        TarEntry.Directory("data/own/") with { Mode = 0x1C0, Uid = 5, Gid = 6 },
        TarEntry.Directory("data/sub/"), TarEntry.File("data/sub/file", "deep\n"),
        TarEntry.Directory("data/directory/"), TarEntry.File("data/directory/old"),
        TarEntry.File("data/first-name", "linked\n"), TarEntry.HardLink("data/second-name", "data/first-name"))));

    private Task<Outcome> Run(string image, string driver, params string[] command) => workshop.Call("run", [.. Flags(driver), image, .. command]);

    private Task<Outcome> RunIn(MountNamespace host, string image, string driver, params string[] command) =>
        host.Run([Repository.Command, "run", "--data-root", workshop.Store, .. Flags(driver), image, .. command]);

    private string[] Flags(string driver) => ["--quiet", "--name", name, "--runtime", "runc", "--read-only=false", "--storage-driver", driver];

    private async Task<MountNamespace> WithScratchOnOverlay()
    {
        string layers = $"{workshop.Root}/layout-scratch";
        foreach (string directory in new[] { Scratch, $"{layers}/lower", $"{layers}/upper", $"{layers}/work" })
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        MountNamespace host = await MountNamespace.Enter();
        (await host.Run("mount", "-t", "overlay", "overlay", "-o", $"lowerdir={layers}/lower,upperdir={layers}/upper,workdir={layers}/work", Scratch)).Succeeded();
        return host;
    }

    private async Task AssertNothingIn(MountNamespace host)
    {
        await Leftovers.AssertNone(name);
        // The store's own directory stays.
        Assert.Empty(Directory.GetDirectories($"{host.Root}{Scratch}").SelectMany(Directory.GetFileSystemEntries));
    }
}
