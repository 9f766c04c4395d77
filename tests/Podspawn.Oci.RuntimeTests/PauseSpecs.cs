using System.Diagnostics;
using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests;

/// <summary>Containers that are frozen, and go on.</summary>
public sealed class PauseSpecs
{
    private static readonly string[] Counter = ["sh", "-c", "while :; do echo tick; usleep 20000; done"];

    [Theory]
    [MemberData(nameof(Podspawn.Runtimes), MemberType = typeof(Podspawn))]
    public async Task A_paused_container_stands_still_until_it_is_unpaused(string runtime)
    {
        await using DetachedContainer container = await DetachedContainer.Start(runtime, $"stat-pause-{runtime}", command: Counter);
        Assert.Equal(container.Name, (await container.Call("pause")).Succeeded().Text.Trim());
        Assert.Equal("paused", await container.State());
        // What was on its way to the log when the freezer struck arrives late.
        string log = $"/var/lib/podspawn-oci/scratch/{container.Id}/container.log";
        long frozen = await Steady(log);
        await Task.Delay(300);
        Assert.Equal(frozen, new FileInfo(log).Length);
        Assert.Equal(container.Name, (await container.Call("unpause")).Succeeded().Text.Trim());
        Assert.Equal("running", await container.State());
        await Until(() => new FileInfo(log).Length > frozen);
    }

    [Theory]
    [MemberData(nameof(Podspawn.Runtimes), MemberType = typeof(Podspawn))]
    public async Task What_is_paused_already_or_not_paused_is_told_so(string runtime)
    {
        await using DetachedContainer container = await DetachedContainer.Start(runtime, $"stat-twice-{runtime}");
        Assert.Equal((1, $"podspawn-oci: container '{container.Name}' is not paused\n"), await Failure(container.Call("unpause")));
        (await container.Call("pause")).Succeeded();
        (int status, string error) = await Failure(container.Call("pause"));
        Assert.Equal(1, status);
        Assert.Contains("is already paused", error, StringComparison.Ordinal);
        (await container.Call("unpause")).Succeeded();
        (await container.Call("stop", "--time", "0")).Succeeded();
        (status, error) = await Failure(container.Call("pause"));
        Assert.Equal(1, status);
        Assert.Contains("is not running", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_fails_does_not_keep_the_others()
    {
        await using DetachedContainer first = await DetachedContainer.Start("runc", "stat-several-1"), last = await DetachedContainer.Start("crun", "stat-several-2");
        Outcome outcome = await Podspawn.Call(["pause", first.Name, "stat-nobody", last.Id[..12]]);
        Assert.Equal(1, outcome.Status);
        Assert.Equal([first.Name, last.Id[..12]], outcome.Lines);
        Assert.Contains("no such container: 'stat-nobody'", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("paused", await first.State());
        Assert.Equal("paused", await last.State());
    }

    [Theory]
    [MemberData(nameof(Podspawn.Runtimes), MemberType = typeof(Podspawn))]
    public async Task Whoever_was_killed_at_it_leaves_the_truth_to_the_runtime(string runtime)
    {
        await using DetachedContainer container = await DetachedContainer.Start(runtime, $"stat-killed-{runtime}");
        (await container.Call("pause")).Succeeded();
        // As it stands after a kill between the runtime's work and ours, in both directions.
        string path = $"/run/podspawn-oci/containers/{container.Id}/state.json";
        string state = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, state.Replace("\"Paused\"", "\"Running\"", StringComparison.Ordinal).Replace("\"freezing\":false", "\"freezing\":true", StringComparison.Ordinal));
        Assert.Equal("paused", await container.State());
        using (JsonDocument settled = JsonDocument.Parse(await File.ReadAllTextAsync(path)))
            Assert.Equal((false, "Paused"), (settled.RootElement.GetProperty("freezing").GetBoolean(), settled.RootElement.GetProperty("status").GetString()));
        (await container.Call("unpause")).Succeeded();
        await File.WriteAllTextAsync(path, state.Replace("\"freezing\":false", "\"freezing\":true", StringComparison.Ordinal));
        Assert.Equal("running", await container.State());
    }

    [Theory]
    [MemberData(nameof(Podspawn.Runtimes), MemberType = typeof(Podspawn))]
    public async Task A_paused_container_can_be_removed_and_leaves_nothing(string runtime)
    {
        await using DetachedContainer container = await DetachedContainer.Start(runtime, $"stat-frozen-{runtime}");
        (await container.Call("pause")).Succeeded();
    }

    [Theory]
    [InlineData("runc", true)]
    [InlineData("runc", false)]
    [InlineData("crun", true)]
    [InlineData("crun", false)]
    [InlineData("runsc", true)]
    [InlineData("runsc", false)]
    public async Task A_container_in_the_foreground_is_paused_as_well_and_cleared_away_when_it_is_stopped_or_its_launcher_killed(string runtime, bool stopped)
    {
        string name = $"stat-front-{runtime}";
        using Process launcher = Process.Start(new ProcessStartInfo(
            Repository.Command, ["run", "--runtime", runtime, "--name", name, "--rootfs", Repository.Probe, "--", "sh", "-c", "echo up; exec sleep 600"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            Assert.Equal("up", await launcher.StandardOutput.ReadLineAsync());
            await Until(() => new FileInfo($"/run/podspawn-oci/containers/{name}/pid") is { Exists: true, Length: > 0 });
            (await Podspawn.Call(["pause", name])).Succeeded();
            Assert.Equal(1, (await Podspawn.Call(["pause", name])).Status);
            (await Podspawn.Call(["unpause", name])).Succeeded();
            Assert.Equal(1, (await Podspawn.Call(["unpause", name])).Status);
            (await Podspawn.Call(["pause", name])).Succeeded();
            if (stopped)
                (await Podspawn.Call(["stop", "--time", "1", name])).Succeeded();
        }
        finally
        {
            launcher.Kill();
            await launcher.WaitForExitAsync();
        }
        (await Podspawn.Call(["ps"])).Succeeded();
        await Leftovers.AssertNone(name);
    }

    [Theory]
    [MemberData(nameof(Podspawn.Runtimes), MemberType = typeof(Podspawn))]
    public async Task A_paused_container_can_be_stopped_and_killed(string runtime)
    {
        await using DetachedContainer stopped = await DetachedContainer.Start(runtime, $"stat-stop-{runtime}"), killed = await DetachedContainer.Start(runtime, $"stat-kill-{runtime}");
        (await stopped.Call("pause")).Succeeded();
        (await stopped.Call("stop", "--time", "1")).Succeeded();
        Assert.Equal("exited", await stopped.State());
        (await killed.Call("pause")).Succeeded();
        (await killed.Call("kill")).Succeeded();
        Assert.Equal("137", (await killed.Call("wait")).Succeeded().Text.Trim());
    }

    private static async Task<(int Status, string Error)> Failure(Task<Outcome> call)
    {
        Outcome outcome = await call;
        Assert.Equal("", outcome.Text);
        return (outcome.Status, outcome.Error);
    }

    private static async Task<long> Steady(string path)
    {
        long length = -1;
        await Until(() =>
        {
            (long before, length) = (length, new FileInfo(path).Length);
            return length == before;
        });
        return length;
    }

    private static async Task Until(Func<bool> condition)
    {
        for (DateTime end = DateTime.UtcNow.AddSeconds(10); !condition(); await Task.Delay(50))
            Assert.True(DateTime.UtcNow < end, "it did not come to that within 10 s");
    }
}
