using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests.Translation;

/// <summary>Containers that share memory or processes, on the real runtimes.</summary>
public sealed class NamespaceFlagSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Memory_and_queues_of_a_shareable_container_are_shared_over_restarts(string runtime)
    {
        await using Detached first = await Detached.RunShell(runtime, ["--ipc", "shareable"], "echo hello >/dev/shm/a; exec sleep 600");
        string[] joins = ["--ipc", $"container:{first.Name}"];
        string script = "cat /dev/shm/a; echo back >/dev/shm/b; readlink /proc/self/ns/ipc";
        string space = (await first.Exec([], "readlink", "/proc/self/ns/ipc")).Succeeded().Text.Trim();
        Outcome foreground = await PodspawnOci.Call(["run", "--runtime", runtime, .. joins, "--rootfs", Repository.Busybox, "--", "sh", "-c", script]);
        Assert.Equal(["hello", space], foreground.Succeeded().Lines);
        Assert.Equal("back", (await first.Exec([], "cat", "/dev/shm/b")).Succeeded().Text.Trim());

        await using Detached second = await Detached.Run(runtime, joins, "sleep", "600");
        Assert.Equal(space, (await second.Exec([], "readlink", "/proc/self/ns/ipc")).Succeeded().Text.Trim());
        JsonElement host = (await second.Inspect()).GetProperty("HostConfig");
        Assert.Equal($"container:{first.Id}", host.GetProperty("IpcMode").GetString());
        Assert.Equal("shareable", (await first.Inspect()).GetProperty("HostConfig").GetProperty("IpcMode").GetString());
        (await second.Try("verify", "--only", "namespaces")).Succeeded();

        // After another start of the first, the second joins what the first has then.
        await first.Do("restart", "--time", "0");
        await second.Do("restart", "--time", "0");
        string[] spaces = [.. (await Task.WhenAll(first.Exec([], "readlink", "/proc/self/ns/ipc"), second.Exec([], "readlink", "/proc/self/ns/ipc"))).Select(told => told.Text)];
        Assert.Equal(spaces[0], spaces[1]);
        await first.Kill();
        Assert.Contains($"container '{first.Name}' does not run; start it first", (await second.Try("restart", "--time", "0")).EndedWith(125).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Processes_of_another_container_are_seen_and_end_with_it(string runtime)
    {
        // Its init reaps the orphans of all in its namespace.
        await using Detached first = await Detached.Run(runtime, ["--init"], "sleep", "600");
        string[] joins = ["--pid", $"container:{first.Name}"];
        await using (Detached second = await Detached.RunShell(runtime, joins, "sleep 601 & exec sleep 602"))
        {
            await second.UntilCommand("sleep 601");
            await second.UntilCommand("sleep 602");
            string[] commands = ["sleep 600", "sleep 601", "sleep 602"];
            string seen = (await first.Exec([], "ps", "-o", "args")).Succeeded().Text;
            Assert.All(commands, command => Assert.Contains(command, seen, StringComparison.Ordinal));
            Assert.Contains("sleep 600", (await second.Exec([], "ps", "-o", "args")).Succeeded().Text, StringComparison.Ordinal);
            Assert.Equal($"container:{first.Id}", (await second.Inspect()).GetProperty("HostConfig").GetProperty("PidMode").GetString());
            Assert.Contains("another container's pid", (await second.Try("verify", "--only", "namespaces")).Succeeded().Text, StringComparison.Ordinal);
            // Its first process is not the first of the namespace: all of them end all the same.
            await second.Kill();
            Assert.DoesNotContain("sleep 601", (await first.Exec([], "ps", "-o", "args")).Succeeded().Text, StringComparison.Ordinal);
        }
        await using Detached third = await Detached.Run(runtime, joins, "sleep", "600");
        await first.Kill();
        await third.UntilStatus("exited");
        Outcome late = await PodspawnOci.Call(["run", "--runtime", runtime, .. joins, "--rootfs", Repository.Busybox, "true"]);
        Assert.Contains("does not run", late.EndedWith(125).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_cannot_be_joined_is_refused_and_leaves_nothing(string runtime)
    {
        await using Detached closed = await Detached.Create(runtime, [], "true");
        string told = runtime == "runsc" ? "under gvisor" : "non-shareable IPC (hint: use IpcMode:shareable";
        Assert.Contains(told, await Refused(runtime, "--ipc", $"container:{closed.Name}"), StringComparison.Ordinal);
        Assert.Contains("there is no container", await Refused(runtime, "--ipc", "container:nosuch"), StringComparison.Ordinal);
        Assert.Contains("there is no container", await Refused(runtime, "--pid", "container:../x"), StringComparison.Ordinal);
        Assert.Contains("leave it away", await Refused(runtime, "--ipc", "host"), StringComparison.Ordinal);
        Assert.Contains("is not to be had", await Refused(runtime, "--pid", "container:"), StringComparison.Ordinal);
        if (runtime == "runsc")
            return;
        await using Detached traces = await Detached.Create(runtime, ["--cap-add", "SYS_PTRACE"], "true");
        Assert.Contains("has CAP_SYS_PTRACE", await Refused(runtime, "--pid", $"container:{traces.Name}"), StringComparison.Ordinal);
        Assert.Contains("only a launch joins", (await PodspawnOci.Call(["spec", "--pid", $"container:{closed.Name}"])).EndedWith(125).Error, StringComparison.Ordinal);
        Assert.Contains("gvisor", await Refused("runsc", "--pid", $"container:{closed.Name}"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Without_shared_memory_there_is_no_place_for_it(string runtime)
    {
        Outcome none = await PodspawnOci.Call(["run", "--runtime", runtime, "--ipc", "none", "--rootfs", Repository.Busybox, "--", "sh", "-c", "test ! -e /dev/shm && echo none"]);
        Assert.Equal("none", none.Succeeded().Text.Trim());
    }

    private static async Task<string> Refused(string runtime, params string[] flags)
    {
        string name = Detached.NewName();
        Outcome refused = await PodspawnOci.Call(["create", "--runtime", runtime, "--name", name, .. flags, "--rootfs", Repository.Busybox, "true"]);
        Assert.False(File.Exists($"/run/podspawn-oci/names/{name}"));
        return refused.EndedWith(125).Error;
    }
}
