using System.Diagnostics;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>A container that ends for lack of memory is told so wherever its end is.</summary>
public sealed class MemoryEndSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_end_by_memory_is_told(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, ["--memory", "32m"], "tail", "/dev/zero");
        Assert.Equal("137", (await kept.Do("wait")).Lines.Single());
        await kept.UntilStatus("exited");
        Assert.True((await kept.State()).GetProperty("OOMKilled").GetBoolean());
        Assert.Equal(137, (await kept.State()).GetProperty("ExitCode").GetInt32());
        string shown = (await PodspawnOci.Call(["ps", "--all", "--filter", $"id={kept.Id}"])).Succeeded().Text;
        Assert.Contains("Exited (137)", shown, StringComparison.Ordinal);
        Assert.Contains("(out of memory)", shown, StringComparison.Ordinal);
        Assert.Equal(["create", "start", "oom", "die"], await EventsOf(kept));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task So_is_the_end_of_one_process_among_others(string runtime)
    {
        await using Detached kept = await Detached.RunShell(runtime, ["--memory", "32m"], "tail /dev/zero; exit 3");
        Assert.Equal("3", (await kept.Do("wait")).Lines.Single());
        await kept.UntilStatus("exited");
        Assert.True((await kept.State()).GetProperty("OOMKilled").GetBoolean());
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Even_where_the_monitor_does_not_live_to_tell(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, ["--memory", "32m"], Detached.Idle);
        Process.GetProcessById(await kept.MonitorPid()).Kill();
        Assert.Equal(137, (await kept.Exec([], "tail", "/dev/zero")).Status);
        await kept.Do("kill");
        await kept.UntilStatus("exited");
        Assert.True((await kept.State()).GetProperty("OOMKilled").GetBoolean());
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Another_end_with_that_status_is_not(string runtime)
    {
        await using Detached kept = await Detached.RunShell(runtime, ["--memory", "64m"], "exit 137");
        Assert.Equal("137", (await kept.Do("wait")).Lines.Single());
        await kept.UntilStatus("exited");
        Assert.False((await kept.State()).GetProperty("OOMKilled").GetBoolean());
        Assert.DoesNotContain("memory)", (await PodspawnOci.Call(["ps", "--all", "--filter", $"id={kept.Id}"])).Succeeded().Text, StringComparison.Ordinal);
        Assert.Equal(["create", "start", "die"], await EventsOf(kept));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_launcher_in_the_foreground_tells_it_as_well(string runtime)
    {
        Outcome ended = await PodspawnOci.Call(["run", "--memory", "32m", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "tail", "/dev/zero"]);
        Assert.Equal(137, ended.Status);
        // runsc removes its cgroup, and the count with it, before it returns.
        Assert.Equal(runtime != "runsc", ended.Error.Contains("for lack of memory", StringComparison.Ordinal));
    }

    private static async Task<string[]> EventsOf(Detached kept)
    {
        Outcome told = (await PodspawnOci.Call(["events", "--stream=false", "--filter", $"container={kept.Id}"])).Succeeded();
        return [.. told.Lines.Select(line => line.Split(" container ")[1].Split(' ')[0])];
    }
}
