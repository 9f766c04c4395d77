using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>A container's changes to its root filesystem are listed.</summary>
public sealed class DiffSpecs
{
    private const string Changes = "echo x >> /etc/passwd; mkdir -p /srv/new/sub; echo x > /srv/new/sub/file; rm /etc/group; rm -r /home; mkdir /home; echo x > /home/x; echo x " +
        "> /tmp/x; echo x > /vol/x; echo mine > /etc/hosts";
    private static readonly string[] Expected = ["C /etc", "D /etc/group", "C /etc/passwd", "C /home", "D /home/app", "A /home/x", "A /srv/new/sub/file", "A /srv/new/sub",
        "A /srv/new"];

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Changes_are_told_while_it_runs_and_after(string runtime)
    {
        string volume = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;
        await using Detached container = await Detached.RunShell(runtime, ["--tmpfs", "/tmp", "--tmpfs", "/made/for/mount", "--volume", $"{volume}:/vol"],
            $"{Changes}; echo ready; exec sleep 1000");
        await container.UntilWritten("ready");
        Assert.Equal(Sorted(), Told((await container.Call("diff", "{}")).Succeeded()));
        await container.Kill();
        Assert.Equal(Sorted(), Told((await container.Call("diff", "{}")).Succeeded()));
        using JsonDocument json = JsonDocument.Parse((await container.Call("diff", "--format", "json", "{}")).Succeeded().Output);
        Assert.Equal(["/etc/group", "/home/app"], json.RootElement.GetProperty("deleted").EnumerateArray().Select(path => path.GetString()));
        Directory.Delete(volume, recursive: true);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_launch_alone_changes_nothing(string runtime)
    {
        await using Detached container = await Detached.RunShell(runtime, ["--tmpfs", "/made/for/mount", "--workdir", "/root"], "true");
        (await container.Call("wait", "{}")).Succeeded();
        Assert.Equal("", (await container.Call("diff", "{}")).Succeeded().Text);
    }

    [Fact]
    public async Task Fuse_overlayfs_tells_the_same()
    {
        await using Detached container = await Detached.RunShell("crun", ["--storage-driver", "fuse-overlayfs", "--tmpfs", "/tmp", "--tmpfs", "/vol"], Changes);
        (await container.Call("wait", "{}")).Succeeded();
        Assert.Equal(Sorted(), Told((await container.Call("diff", "{}")).Succeeded()));
    }

    [Fact]
    public async Task A_copy_has_nothing_to_tell_it_by()
    {
        await using Detached container = await Detached.RunShell("crun", ["--storage-driver", "copy"], "true");
        Outcome outcome = await container.Call("diff", "{}");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("copy of its root filesystem", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_that_never_ran_has_changed_nothing()
    {
        await using Detached container = await Detached.CreateShell("crun", [], "true");
        Assert.Equal("", (await container.Call("diff", "{}")).Succeeded().Text);
    }

    [Fact]
    public async Task A_name_cannot_command_the_terminal()
    {
        await using Detached container = await Detached.RunShell("crun", [], "touch \"$(printf '/root/a\\033[31mb\\nA fake')\"");
        (await container.Call("wait", "{}")).Succeeded();
        Assert.Equal(["C /root", @"A /root/a\u001b[31mb\u000aA fake"], (await container.Call("diff", "{}")).Succeeded().Lines);
    }

    private static IEnumerable<string> Sorted() => Expected.OrderBy(line => line[2..], StringComparer.Ordinal);

    // The busybox bundle need not have a /srv.
    private static IEnumerable<string> Told(Outcome outcome) => outcome.Lines.Where(line => line[2..] != "/srv");
}
