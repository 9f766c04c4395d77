using System.Text.Json;
using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>Roots of containers that are mounted on the host, on every runtime: one tree, whoever looks at it.</summary>
[Collection(nameof(Alone))]
public class MountSpecs
{
    private const string Script = "[ -e /kept ] || echo content > /kept; exec sleep 600";

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_that_runs_shows_what_it_has_and_sees_what_is_written(string runtime)
    {
        await using Detached container = await Detached.RunShell(runtime, [], Script);
        string place = await Mounted(container);
        await Eventually.Holds("it has written", () => Task.FromResult(File.Exists($"{place}/kept")));
        Assert.Equal(place, await Mounted(container));
        Assert.Contains($"{container.Id} {place}", (await PodspawnOci.Call(["mount", "--notruncate"])).Succeeded().Lines);
        Assert.Contains($"{container.Id[..12]} {place}", (await PodspawnOci.Call(["container", "mount"])).Succeeded().Lines);
        JsonElement listed = JsonDocument.Parse((await PodspawnOci.Call(["mount", "--format", "json"])).Succeeded().Text).RootElement.EnumerateArray()
            .Single(mount => mount.GetProperty("id").GetString() == container.Id);
        Assert.Equal((place, container.Name), (listed.GetProperty("mountpoint").GetString(), listed.GetProperty("Names")[0].GetString()));
        File.WriteAllText($"{place}/from-host", "from the host");
        Assert.Equal("from the host", (await container.Exec([], "cat", "/from-host")).Succeeded().Text);

        (await PodspawnOci.Call(["umount", container.Name])).Succeeded();
        Assert.False(Directory.Exists(place));
        Assert.Equal("content\n", (await container.Exec([], "cat", "/kept")).Succeeded().Text);
        Assert.Empty((await PodspawnOci.Call(["container", "unmount", container.Name])).Succeeded().Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task It_stays_mounted_over_stops_and_starts_as_one_tree(string runtime)
    {
        await using Detached container = await Detached.Create(runtime, [], "sh", "-c", Script);
        string place = await Mounted(container);
        File.WriteAllText($"{place}/before", "before");
        await container.Do("start");
        Assert.Equal("before", (await container.Exec([], "cat", "/before")).Succeeded().Text);
        await container.Do("stop", "--time", "0");
        Assert.Equal("content\n", File.ReadAllText($"{place}/kept"));
        File.WriteAllText($"{place}/between", "between");
        Assert.Contains("A /between", (await container.Call("diff", "{}")).Succeeded().Lines);
        await container.Do("start");
        Assert.Equal("between", (await container.Exec([], "cat", "/between")).Succeeded().Text);
        // What protects the host from the container is not for the container.
        (await container.Exec([], "/bin/busybox", "true")).Succeeded();
        (await container.Exec([], "touch", "/inside")).Succeeded();
        Assert.True(File.Exists($"{place}/inside"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Nothing_in_it_can_be_run_and_a_removal_takes_it_away(string runtime)
    {
        await using Detached container = await Detached.RunShell(runtime, [], Script);
        string place = await Mounted(container);
        Assert.Equal(126, (await Outcome.Of(Cli.Wrap("sh").WithArguments(["-c", "exec \"$0\" true", $"{place}/bin/busybox"]))).Status);
        string line = File.ReadLines("/proc/self/mounts").Single(mount => mount.Contains(place, StringComparison.Ordinal));
        Assert.All(["nosuid", "nodev", "noexec"], flag => Assert.Contains(flag, line.Split(' ')[3].Split(',')));
        await container.Do("rm", "--force");
        Assert.False(Directory.Exists(container.Directory));
        Assert.DoesNotContain(File.ReadLines("/proc/self/mounts"), mount => mount.Contains(container.Id, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task One_that_goes_with_its_end_takes_its_mount_along(string runtime)
    {
        await using Detached container = await Detached.RunShell(runtime, ["--rm"], Script);
        _ = await Mounted(container);
        await container.Do("kill");
        await Eventually.Holds("it is gone", () => Task.FromResult(!Directory.Exists(container.Directory)));
        Assert.DoesNotContain(File.ReadLines("/proc/self/mounts"), mount => mount.Contains(container.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_that_is_put_in_place_of_the_kernels_directories_is_refused_at_the_start()
    {
        await using Detached container = await Detached.Create("runc", [], "true");
        string place = await Mounted(container);
        Directory.Delete($"{place}/proc", recursive: true);
        File.CreateSymbolicLink($"{place}/proc", "/etc");
        Outcome start = await container.Try("start");
        Assert.Equal(125, start.Status);
        Assert.Contains("/proc is a symbolic link", start.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mount_that_is_killed_is_listed_and_goes_when_it_is_told_to()
    {
        await using Detached container = await Detached.Create("crun", [], "true");
        Outcome killed = await Outcome.Of(Cli.Wrap(Repository.FaultCommand).WithArguments(["mount", container.Name])
            .WithEnvironmentVariables(new Dictionary<string, string?> { ["PODSPAWN_OCI_FAULT"] = "mount.attached" }));
        Assert.Equal(137, killed.Status);
        Assert.Contains($"{container.Id} {container.Directory}/mount", (await PodspawnOci.Call(["mount", "--no-trunc"])).Succeeded().Lines);
        Assert.Equal([container.Id], (await container.Do("unmount")).Lines);
        Assert.False(Directory.Exists($"{container.Directory}/mount"));
    }

    [Fact]
    public async Task What_cannot_be_mounted_is_refused()
    {
        await using Detached served = await Detached.Create("crun", ["--storage-driver", "fuse-overlayfs"], "true");
        Outcome refused = await served.Try("mount");
        Assert.Equal(125, refused.Status);
        Assert.Contains("fuse-overlayfs serves its files", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"{served.Directory}/mount"));
        Assert.Equal(125, (await PodspawnOci.Call(["mount", "no-such-container"])).Status);
        Assert.Equal(125, (await PodspawnOci.Call(["unmount"])).Status);
        Assert.Equal(125, (await PodspawnOci.Call(["mount", "--all", served.Name])).Status);
    }

    private static async Task<string> Mounted(Detached container) => Assert.Single((await container.Do("mount")).Lines);
}
