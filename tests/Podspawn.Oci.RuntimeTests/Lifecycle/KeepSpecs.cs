using System.Diagnostics;
using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>A container's life after its start: restarts, time limits, pid files, init.</summary>
public class KeepSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_failing_container_is_started_again_as_often_as_its_policy_says(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, ["--restart", "on-failure:2"], "sh", "-c", "echo begin; exit 3");
        await kept.Until(told => told.GetProperty("RestartCount").GetInt32() == 2 && told.GetProperty("State").GetProperty("Status").GetString() == "exited");
        Assert.Equal("begin\nbegin\nbegin\n", kept.Written());
        Assert.Equal(3, (await kept.State()).GetProperty("ExitCode").GetInt32());
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_success_is_not_started_again_on_failure(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, ["--restart", "on-failure"], "true");
        Assert.Equal("0", (await kept.Do("wait")).Lines.Single());
        await kept.UntilStatus("exited");
        Assert.Equal(0, (await kept.Inspect()).GetProperty("RestartCount").GetInt32());
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_is_always_restarted_comes_back_until_it_is_stopped(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, ["--restart", "always"], "sh", "-c", "echo begin; exec sleep 1000");
        for (int i = 1; i <= 3; i++)
        {
            // A running container may not have come this far yet.
            await Eventually.Is(i, () => Begins(kept));
            Process.GetProcessById(await kept.Pid()).Kill();
            await kept.Until(told => told.GetProperty("RestartCount").GetInt32() == i && told.GetProperty("State").GetProperty("Status").GetString() == "running");
        }
        // Each restart has its own monitor, and the earlier ones are gone.
        await Eventually.Is(1, () => Monitors(kept.Id).Length);
        await Eventually.Is(4, () => Begins(kept));
        await kept.Do("stop", "--time", "0");
        Assert.Equal("exited", await kept.Status());
        await Eventually.Is(0, () => Monitors(kept.Id).Length);
        Assert.Equal("begin\nbegin\nbegin\nbegin\n", kept.Written());
    }

    private static int Begins(Detached kept) => kept.Written().Split('\n').Count(line => line == "begin");

    [Fact]
    public async Task A_container_that_waits_for_its_restart_can_be_stopped_and_removed()
    {
        await using Detached kept = await Detached.Run("runc", ["--restart", "always"], "false");
        // The pauses double; from the sixth on there are seconds between two starts.
        await kept.Until(told => told.GetProperty("RestartCount").GetInt32() >= 5 && told.GetProperty("State").GetProperty("Status").GetString() == "restarting");
        Assert.Contains("Restarting (1)", (await PodspawnOci.Call(["ps", "--filter", $"id={kept.Id}"])).Succeeded().Text, StringComparison.Ordinal);
        await kept.Do("stop");
        Assert.Equal("exited", await kept.Status());
        await kept.Do("rm");
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_time_limit_kills(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, ["--timeout", "1"], "sleep", "1000");
        Assert.Equal("-1", (await kept.Do("wait")).Lines.Single());
        Assert.Contains("Exited (-1)", (await PodspawnOci.Call(["ps", "-a", "--filter", $"id={kept.Id}", "--filter", "exited=-1"])).Succeeded().Text, StringComparison.Ordinal);
        Assert.Contains("its time of 1 s", (await kept.State()).GetProperty("Error").GetString(), StringComparison.Ordinal);
        Outcome foreground = await PodspawnOci.Call(["run", "--timeout", "1", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "sleep", "1000"]);
        Assert.Equal(255, foreground.Status);
    }

    [Fact]
    public async Task The_configs_longest_lifetime_is_a_time_limit()
    {
        string config = Path.GetTempFileName();
        await File.WriteAllTextAsync(config, "session: {max_lifetime: 1h30m, mode: grace}\n");
        await using Detached kept = await Detached.Create("runc", ["--config", config], "true");
        Assert.Equal(5400, (await kept.Inspect()).GetProperty("Config").GetProperty("Timeout").GetInt64());
        File.Delete(config);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_pid_file_names_the_process_and_goes_with_it(string runtime)
    {
        string file = $"{Path.GetTempPath()}/{Detached.NewName()}.pid";
        await using (Detached kept = await Detached.Run(runtime, ["--pid-file", file], "sleep", "1000"))
        {
            Assert.Equal(await kept.Pid(), int.Parse(await File.ReadAllTextAsync(file), System.Globalization.CultureInfo.InvariantCulture));
            await kept.Do("stop", "--time", "0");
            Assert.False(File.Exists(file));
        }
        Outcome bad = await PodspawnOci.Call(["run", "--detach", "--pid-file", "/no/such/directory/file", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "true"]);
        Assert.Equal(125, bad.Status);
        Assert.Contains("--pid-file: /no/such/directory/file: ", bad.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Its_monitors_pid_file_names_the_monitor_and_goes_with_it(string runtime)
    {
        string file = $"{Path.GetTempPath()}/{Detached.NewName()}.pid";
        await using (Detached kept = await Detached.Run(runtime, ["--conmon-pidfile", file], "sleep", "1000"))
        {
            int monitor = (await kept.State()).GetProperty("ConmonPid").GetInt32();
            Assert.Equal(monitor, int.Parse(await File.ReadAllTextAsync(file), System.Globalization.CultureInfo.InvariantCulture));
            Assert.EndsWith("/conmon", File.ResolveLinkTarget($"/proc/{monitor}/exe", returnFinalTarget: false)!.FullName, StringComparison.Ordinal);
            await kept.Do("stop", "--time", "0");
            Assert.False(File.Exists(file));
        }
        string[] run = ["run", "--runtime", runtime, "--rootfs", Repository.Busybox];
        Outcome bad = await PodspawnOci.Call([.. run, "--detach", "--conmon-pidfile", "/no/such/directory/file", "true"]);
        Assert.Equal(125, bad.Status);
        Assert.Contains("--conmon-pidfile: /no/such/directory/file: ", bad.Error, StringComparison.Ordinal);
        Outcome nobody = await PodspawnOci.Call([.. run, "--conmon-pidfile", file, "true"]);
        Assert.Equal(125, nobody.Status);
        Assert.Contains("has no conmon; add --detach", nobody.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task While_a_stop_waits_it_is_stopping_and_running_again_without_it(string runtime)
    {
        await using Detached kept = await Detached.RunShell(runtime, [], "trap : TERM; while :; do sleep .1; done");
        using (Process stop = Process.Start(new ProcessStartInfo(Repository.Command, ["stop", "--time", "600", kept.Name]))!)
        {
            await kept.UntilStatus("stopping");
            Assert.StartsWith("Stopping", (await PodspawnOci.Call(["ps", "--noheading", "--format", "{{.Status}}", "--filter", $"id={kept.Id}", "--filter", "status=stopping"]))
                .Succeeded().Text, StringComparison.Ordinal);
            (await PodspawnOci.Call(["wait", "--condition", "stopping", kept.Name])).Succeeded();
            stop.Kill();
            await stop.WaitForExitAsync();
        }
        Assert.Equal("running", await kept.Status());
        using Process again = Process.Start(new ProcessStartInfo(Repository.Command, ["stop", "--time", "600", kept.Name]))!;
        await kept.UntilStatus("stopping");
        await kept.Do("kill");
        await again.WaitForExitAsync();
        Assert.Equal((0, "exited"), (again.ExitCode, await kept.Status()));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task An_init_reaps_what_the_command_leaves(string runtime)
    {
        // The sleep's parent ends at once. Two processes are left: the init, and the shell.
        await using Detached kept = await Detached.Run(runtime, ["--init"], "sh", "-c", "(sleep 0.1 &); sleep 1; cat /proc/1/comm; set -- /proc/[0-9]*; echo $#; exec sleep 1000");
        await kept.UntilWritten("podspawn-init\n2\n");
        JsonElement cmd = (await kept.Inspect()).GetProperty("Config").GetProperty("Cmd");
        Assert.Equal("sh", cmd[0].GetString());
    }

    [Fact]
    public async Task Flags_that_do_not_go_together_are_refused()
    {
        foreach ((string[] flags, string word) in new (string[], string)[]
        {
            (["--detach", "--rm", "--restart", "always"], "--rm and --restart"),
            (["--restart", "always"], "--detach"),
            (["--detach", "--restart", "sometimes"], "no, on-failure[:N] or always"),
            (["--detach", "--timeout", "soon"], "--timeout"),
            (["--detach", "--stop-signal", "NOPE"], "--stop-signal"),
            (["--detach", "--label", "=x"], "--label"),
            (["--detach", "--log-opt", "max-files=3"], "--log-opt"),
        })
        {
            Outcome run = await PodspawnOci.Call(["run", .. flags, "--rootfs", Repository.Busybox, "--", "true"]);
            Assert.Equal(125, run.Status);
            Assert.Contains(word, run.Error, StringComparison.Ordinal);
        }
    }

    private static string[] Monitors(string id) => [.. Process.GetProcessesByName("conmon")
        .Where(process => Read($"/proc/{process.Id}/cmdline").Contains(id, StringComparison.Ordinal)).Select(process => $"{process.Id}")];

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
