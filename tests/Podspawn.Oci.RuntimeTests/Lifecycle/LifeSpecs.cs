using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>From create to rm, in docker's words.</summary>
public class LifeSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Run_detached_returns_when_the_command_runs_and_keeps_what_it_writes(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, [], "sh", "-c", "echo out; echo err >&2; exec sleep 1000");
        Assert.Equal("running", await kept.Status());
        await kept.UntilWritten("err");
        Assert.Contains("out\n", kept.Written(), StringComparison.Ordinal);
        // Under gVisor the process on the host is the Sentry.
        string name = File.ReadAllText($"/proc/{await kept.Pid()}/comm").Trim();
        Assert.Contains(name, new[] { "sleep", "sh", "exe", "runsc-sandbox", "busybox" });
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Run_detached_fails_with_the_commands_own_error_and_leaves_nothing(string runtime)
    {
        string name = Detached.NewName();
        string script = Path.GetTempFileName();
        await File.WriteAllTextAsync(script, "#!/no/such/interpreter\n");
        File.SetUnixFileMode(script, (UnixFileMode)0x1ED);
        string unfit = Path.GetTempFileName();
        await File.WriteAllTextAsync(unfit, "neither program nor script");
        File.SetUnixFileMode(unfit, (UnixFileMode)0x1ED);
        // A tmpfs hides parts of the root filesystem: then only the runtime can tell that a command is missing.
        await Fails(127, ["--tmpfs", "/somewhere"], "no-such-command");
        await Fails(127, ["--volume", $"{script}:/script"], "/script");
        await Fails(126, ["--volume", $"{unfit}:/unfit"], "/unfit");
        await Fails(125, ["--workdir", "/proc/self/fd"], "true");
        File.Delete(script);
        File.Delete(unfit);

        async Task Fails(int status, string[] flags, string command)
        {
            Outcome run = await PodspawnOci.Call(["run", "--detach", "--runtime", runtime, "--name", name, "--rootfs", Repository.Busybox, .. flags, "--", command]);
            Assert.True(run.Status == status, $"{run.Status}: {run.Error}");
            Assert.Empty(run.Lines);
            Assert.Contains("podspawn-oci: ", run.Error, StringComparison.Ordinal);
            Assert.Equal(125, (await PodspawnOci.Call(["inspect", name])).Status);
            Assert.False(File.Exists($"/run/podspawn-oci/names/{name}"));
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_is_found_by_name_id_and_the_beginning_of_its_id(string runtime)
    {
        await using Detached kept = await Detached.Create(runtime, [], "true");
        foreach (string text in new[] { kept.Name, kept.Id, kept.Id[..12] })
            Assert.Equal(kept.Id, JsonDocument.Parse((await PodspawnOci.Call(["inspect", text])).Succeeded().Output).RootElement[0].GetProperty("Id").GetString());
        Outcome none = await PodspawnOci.Call(["inspect", "no-such-container"]);
        Assert.Equal(125, none.Status);
        Assert.Contains("no such object: 'no-such-container'", none.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_was_created_starts_ends_and_starts_again_with_what_it_wrote(string runtime)
    {
        await using Detached kept = await Detached.Create(runtime, [], "sh", "-c", "echo x >> /count; wc -l < /count; exit 4");
        Assert.Equal("created", await kept.Status());
        Assert.Equal(kept.Name, (await kept.Do("start")).Lines.Single());
        Assert.Equal("4", (await kept.Do("wait")).Lines.Single());
        Assert.Equal("exited", await kept.Status());
        await kept.Do("start");
        Assert.Equal("4", (await kept.Do("wait")).Lines.Single());
        Assert.Equal("1\n2\n", kept.Written());
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Stop_sends_the_signal_and_kills_what_does_not_end(string runtime)
    {
        await using Detached obedient = await Detached.Run(runtime, ["--stop-signal", "USR1"], "sh", "-c", "trap 'exit 5' USR1; echo ready; while :; do sleep 0.1; done");
        await obedient.UntilWritten("ready");
        Assert.Equal(obedient.Name, (await obedient.Do("stop")).Lines.Single());
        Assert.Equal(5, (await obedient.State()).GetProperty("ExitCode").GetInt32());

        await using Detached stubborn = await Detached.Run(runtime, [], "sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done");
        await stubborn.UntilWritten("ready");
        await stubborn.Do("stop", "--time", "1");
        Assert.Equal(137, (await stubborn.State()).GetProperty("ExitCode").GetInt32());
        // As in docker, a container that has ended may be stopped again.
        await stubborn.Do("stop");
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Kill_sends_any_signal_and_refuses_what_does_not_run(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, [], "sh", "-c", "trap 'echo got-hup' HUP; echo ready; while :; do sleep 0.1; done");
        await kept.UntilWritten("ready");
        await kept.Do("kill", "--signal", "SIGHUP");
        await kept.UntilWritten("got-hup");
        await kept.Do("kill");
        await kept.UntilStatus("exited");
        Assert.Equal(137, (await kept.State()).GetProperty("ExitCode").GetInt32());
        Outcome again = await kept.Try("kill");
        Assert.Equal(125, again.Status);
        Assert.Contains("is not running", again.Error, StringComparison.Ordinal);
        Assert.Equal(125, (await kept.Try("kill", "--signal", "NOPE")).Status);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_stop_that_had_to_kill_says_so(string runtime)
    {
        await using Detached kept = await Detached.RunShell(runtime, [], "trap '' TERM; echo ready; while :; do sleep 0.1; done");
        await kept.UntilWritten("ready");
        Outcome stopped = (await PodspawnOci.Call(["--noout", "stop", "--time", "1", kept.Name])).Succeeded();
        Assert.Equal($"podspawn-oci: warning: StopSignal SIGTERM failed to stop container {kept.Name} in 1 seconds, resorting to SIGKILL\n", stopped.Error);
        Assert.Equal("", stopped.Text);
        Assert.Equal(("", $"{kept.Name}\n"), ((await PodspawnOci.Call(["stop", kept.Name])).Succeeded() is var again ? again.Error : null, again.Text));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Rm_refuses_what_runs_unless_forced(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, [], "sleep", "1000");
        Outcome refused = await kept.Try("rm");
        Assert.Equal(2, refused.Status);
        Assert.Contains("cannot be removed without force", refused.Error, StringComparison.Ordinal);
        await kept.Do("rm", "--force");
        Assert.Equal(125, (await kept.Try("inspect")).Status);
        // As in docker, the forced removal of a missing container is not a failure.
        Assert.Empty((await kept.Do("rm", "--force")).Lines);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Rm_with_the_end_leaves_nothing_and_loses_no_exit_status(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, ["--rm"], "sh", "-c", "trap 'exit 9' USR1; echo ready; while :; do sleep 0.1; done");
        await kept.UntilWritten("ready");
        Task<Outcome> wait = kept.Do("wait");
        // A waiting process holds this lock.
        await Eventually.Is(true, () => IsHeld($"/run/podspawn-oci/containers/{kept.Id}/waiters"));
        await kept.Do("kill", "--signal", "USR1");
        Assert.Equal("9", (await wait).Lines.Single());
        await Leftovers.AssertNone(kept.Id);
        Assert.Equal(125, (await kept.Try("inspect")).Status);
    }

    private static bool IsHeld(string path)
    {
        using Native.FileLock? free = Native.FileLock.TryTake(path);
        return free is null;
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Rename_gives_the_name_free_and_keeps_the_id(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, [], "sleep", "1000");
        string before = kept.Name;
        await kept.Rename(Detached.NewName());
        Assert.Equal("running", await kept.Status());
        Assert.Equal(125, (await PodspawnOci.Call(["inspect", before])).Status);
        await using Detached other = await Detached.Create(runtime, [], "true");
        Outcome taken = await PodspawnOci.Call(["rename", other.Name, kept.Name]);
        Assert.Equal(125, taken.Status);
        Assert.Contains("is taken", taken.Error, StringComparison.Ordinal);
        await other.Rename(before);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Restart_stops_and_starts_again(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, [], "sh", "-c", "echo begin; exec sleep 1000");
        int before = await kept.Pid();
        await kept.Do("restart", "--time", "0");
        Assert.Equal("running", await kept.Status());
        Assert.NotEqual(before, await kept.Pid());
        await kept.UntilWritten("begin\nbegin");
    }

    [Fact]
    public async Task Ps_lists_what_fits()
    {
        await using Detached running = await Detached.Run("runc", ["--label", "colour=red", "--label", "test"], "sleep", "1000");
        await using Detached ended = await Detached.Run("crun", ["--label", "colour=blue"], "sh", "-c", "exit 3");
        await ended.UntilStatus("exited");
        Assert.Contains(running.Id[..12], (await Ps()).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(ended.Name, (await Ps()).Text, StringComparison.Ordinal);
        Assert.Contains(ended.Name, (await Ps("--all")).Text, StringComparison.Ordinal);
        Assert.Equal([running.Id], (await Ps("--quiet", "--no-trunc", "--filter", $"name={running.Name}", "--filter", "status=running")).Lines);
        Assert.Equal([ended.Id], (await Ps("-q", "--no-trunc", "--filter", "exited=3", "--filter", $"id={ended.Id[..20]}")).Lines);
        Assert.Equal([running.Id], (await Ps("-aq", "--no-trunc", "--filter", "label=colour=red", "--filter", "label=test", "--filter", $"id={running.Id}")).Lines);
        Assert.Empty((await Ps("-aq", "--filter", "label=colour=red", "--filter", $"id={ended.Id}")).Lines);
        Assert.Equal(2, (await Ps("-aq", "--filter", $"name={running.Name}", "--filter", $"name={ended.Name}")).Lines.Length);
        JsonElement told = JsonDocument.Parse((await Ps("--all", "--format", "json", "--filter", $"id={ended.Id}")).Output).RootElement[0];
        Assert.Equal("exited", told.GetProperty("State").GetString());
        Assert.Equal(3, told.GetProperty("ExitCode").GetInt32());
        Assert.Equal("crun", told.GetProperty("Podspawn").GetProperty("Runtime").GetString());
        Assert.StartsWith("Exited (3) ", told.GetProperty("Status").GetString(), StringComparison.Ordinal);
        Assert.Equal(["CONTAINER", "ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "RUNTIME", "NAMES"], (await Ps()).Lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(125, (await PodspawnOci.Call(["ps", "--filter", "colour=red"])).Status);

        static async Task<Outcome> Ps(params string[] flags) => (await PodspawnOci.Call(["ps", .. flags])).Succeeded();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_in_the_foreground_is_listed_and_can_be_stopped(string runtime)
    {
        string name = Detached.NewName();
        Task<Outcome> launch = PodspawnOci.Call(
            ["run", "--runtime", runtime, "--name", name, "--rootfs", Repository.Busybox, "--", "sh", "-c", "trap 'exit 6' TERM; echo ready; while :; do sleep 0.1; done"]);
        Outcome told = await PodspawnOci.Call(["inspect", name]);
        while (told.Status != 0 || !told.Text.Contains("\"Running\": true", StringComparison.Ordinal))
            told = await PodspawnOci.Call(["inspect", name]);
        Assert.Contains(name, (await PodspawnOci.Call(["ps"])).Succeeded().Text, StringComparison.Ordinal);
        Assert.Equal(2, (await PodspawnOci.Call(["rm", name])).Status);
        Assert.Equal(125, (await PodspawnOci.Call(["run", "--detach", "--name", name, "--rootfs", Repository.Busybox, "--", "true"])).Status);
        (await PodspawnOci.Call(["stop", name])).Succeeded();
        Assert.Contains((await launch).Status, new[] { 6, 143 });
        await Leftovers.AssertNone(name);
    }
}
