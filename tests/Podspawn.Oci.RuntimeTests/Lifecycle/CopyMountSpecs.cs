namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>Copies to and from what is mounted in containers, on every runtime, and from one container to another.</summary>
[Collection(nameof(Alone))]
public sealed class CopyMountSpecs : IDisposable
{
    private const string Idle = "ln -s /ro /data/toro; ln -s /etc /data/toetc; echo inside > /data/made; echo ready; exec sleep 1000";

    private readonly TemporaryDirectory directory = new();
    private readonly string volume = $"v{Guid.NewGuid():N}"[..20];

    public CopyMountSpecs()
    {
        directory.Write("file", "content");
        directory.Make("host");
        directory.Make("ro");
    }

    public void Dispose()
    {
        PodspawnOci.Call(["volume", "rm", "--force", volume]).GetAwaiter().GetResult();
        directory.Dispose();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Volumes_and_mounted_directories_are_reached_while_it_runs_and_when_it_does_not(string runtime)
    {
        await using Detached container = await Detached.RunShell(
            runtime, ["--read-only", "-v", $"{volume}:/data", "-v", $"{directory.Path}/host:/host", "-v", $"{directory.Path}/ro:/ro:ro"], Idle);
        await container.UntilWritten("ready");
        foreach (string when in new[] { "running", "stopped" })
        {
            if (when == "stopped")
                await container.Kill();
            (await container.Call("cp", $"{directory.Path}/file", $"{{}}:/data/{when}")).Succeeded();
            (await container.Call("cp", $"{directory.Path}/file", $"{{}}:/host/{when}")).Succeeded();
            Assert.Equal("content", File.ReadAllText($"{directory.Path}/host/{when}"));
            (await container.Call("cp", "{}:/data/made", $"{directory.Path}/{when}")).Succeeded();
            Assert.Equal("inside\n", File.ReadAllText($"{directory.Path}/{when}"));
            if (when == "running")
                Assert.Equal("content", (await container.Exec([], "cat", "/data/running")).Succeeded().Text);
            // What the container may not write to is not written to, by no link of the container's either.
            foreach (string place in new[] { "/ro/x", "/data/toro/x", "/etc/x", "/data/toetc/x" })
                Assert.Equal(125, (await container.Call("cp", $"{directory.Path}/file", $"{{}}:{place}")).Status);
        }
        Assert.Empty(Directory.GetFileSystemEntries($"{directory.Path}/ro"));
        Assert.DoesNotContain(File.ReadLines("/proc/self/mountinfo"), line => line.Contains("/podspawn-oci/containers/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_in_the_way_of_a_mounted_directory_leads_no_copy_elsewhere()
    {
        directory.Make("host/inner");
        directory.Make("secret");
        await using Detached container = await Detached.Create(
            "runc", ["-v", $"{directory.Path}/host:/host", "-v", $"{directory.Path}/host/inner:/inner"], "true");
        Directory.Delete($"{directory.Path}/host/inner");
        File.CreateSymbolicLink($"{directory.Path}/host/inner", $"{directory.Path}/secret");
        Assert.Equal(125, (await container.Call("cp", $"{directory.Path}/file", "{}:/inner/x")).Status);
        Assert.Empty(Directory.GetFileSystemEntries($"{directory.Path}/secret"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Files_go_from_one_container_to_another_whatever_they_do(string runtime)
    {
        await using Detached running = await Detached.RunShell(
            runtime, ["-w", "/srv"], "mkdir -p /srv/sub; echo there > /srv/sub/file; chmod 4755 /srv/sub/file; ln -s /nothing /srv/sub/link; echo ready; exec sleep 1000");
        await running.UntilWritten("ready");
        await using Detached first = await Detached.Create(runtime, [], "sh", "-c", "cat /t/file; stat -c %a /t/file");
        await using Detached second = await Detached.Create("runc", [], "cat", "/t/file");
        (await PodspawnOci.Call(["cp", $"{running.Name}:sub", $"{first.Name}:/t"])).Succeeded();
        // Both ways round, so that either of two locks comes first.
        (await PodspawnOci.Call(["cp", $"{first.Name}:/t", $"{second.Name}:/t"])).Succeeded();
        (await PodspawnOci.Call(["cp", $"{second.Name}:/t/.", $"{first.Name}:/t"])).Succeeded();
        Assert.Equal(["there", "755"], (await PodspawnOci.Call(["start", "--attach", first.Name])).Succeeded().Lines);
        Assert.Equal("there\n", (await PodspawnOci.Call(["start", "--attach", second.Name])).Succeeded().Text);
        Outcome same = await PodspawnOci.Call(["cp", $"{second.Name}:/t", $"{second.Name}:/u"]);
        Assert.Equal(125, same.Status);
        Assert.Contains("both are the container", same.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}:nothing", "/tmp", "\"nothing\" could not be found on container {}: no such file or directory")]
    [InlineData("{}:/tmp/*", "/tmp", "\"/tmp/*\" could not be found on container {}: no such file or directory")]
    [InlineData("/no/such", "{}:/tmp", "\"/no/such\" could not be found on the host")]
    [InlineData("/etc/passwd", "{}:/nothing/", "\"/nothing/\" could not be found on container {}: no such file or directory")]
    [InlineData("/etc", "{}:/etc/passwd", "destination must be a directory when copying a directory")]
    [InlineData("{}:/etc/passwd", "/dev/null", "invalid destination: \"/dev/null\" must be a directory or a regular file")]
    public async Task What_is_missing_is_told_in_podmans_words(string from, string to, string words)
    {
        await using Detached container = await Detached.Create("crun", ["-w", "/etc"], "true");
        Outcome refused = await container.Call("cp", from, to);
        Assert.Equal(125, refused.Status);
        Assert.Contains(words.Replace("{}", container.Name, StringComparison.Ordinal), refused.Error, StringComparison.Ordinal);
    }
}
