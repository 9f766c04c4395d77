using System.Diagnostics;
using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>Containers that are frozen and thawed.</summary>
public sealed class PauseSpecs
{
    private static readonly string[] Counter = ["sh", "-c", "while :; do echo tick; usleep 20000; done"];

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_paused_container_stands_still_until_it_is_unpaused(string runtime)
    {
        await using Detached container = await Detached.Run(runtime, [], Counter);
        Assert.Equal(container.Name, (await container.Try("pause")).Succeeded().Text.Trim());
        Assert.Equal("paused", await container.Status());
        // Output that was on its way to the log when the freezer acted arrives late.
        string log = container.Log;
        long frozen = await Steady(log);
        await Task.Delay(300);
        Assert.Equal(frozen, new FileInfo(log).Length);
        Assert.Equal(container.Name, (await container.Try("unpause")).Succeeded().Text.Trim());
        Assert.Equal("running", await container.Status());
        await Eventually.Is(true, () => new FileInfo(log).Length > frozen);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_is_paused_already_or_not_paused_is_told_so(string runtime)
    {
        await using Detached container = await Detached.Run(runtime, [], Detached.Idle);
        Assert.Equal((125, $"podspawn-oci: container '{container.Name}' is not paused\n"), await Failure(container.Try("unpause")));
        (await container.Try("pause")).Succeeded();
        (int status, string error) = await Failure(container.Try("pause"));
        Assert.Equal(125, status);
        Assert.Contains("is already paused", error, StringComparison.Ordinal);
        (await container.Try("unpause")).Succeeded();
        (await container.Try("stop", "--time", "0")).Succeeded();
        (status, error) = await Failure(container.Try("pause"));
        Assert.Equal(125, status);
        Assert.Contains("is not running", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_fails_does_not_keep_the_others()
    {
        await using Detached first = await Detached.Run("runc", [], Detached.Idle), last = await Detached.Run("crun", [], Detached.Idle);
        Outcome outcome = await PodspawnOci.Call(["pause", first.Name, "stat-nobody", last.Id[..12]]);
        Assert.Equal(125, outcome.Status);
        Assert.Equal([first.Name, last.Id[..12]], outcome.Lines);
        Assert.Contains("no container with name or ID \"stat-nobody\"", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("paused", await first.Status());
        Assert.Equal("paused", await last.Status());
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Whoever_was_killed_at_it_leaves_the_truth_to_the_runtime(string runtime)
    {
        await using Detached container = await Detached.Run(runtime, [], Detached.Idle);
        (await container.Try("pause")).Succeeded();
        // The state after a kill between the runtime's work and ours, in both directions.
        string path = $"/run/podspawn-oci/containers/{container.Id}/state.json";
        string state = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, state.Replace("\"Paused\"", "\"Running\"", StringComparison.Ordinal)
            .Replace("\"freezing\":false", "\"freezing\":true", StringComparison.Ordinal));
        Assert.Equal("paused", await container.Status());
        using (JsonDocument settled = JsonDocument.Parse(await File.ReadAllTextAsync(path)))
            Assert.Equal((false, "Paused"), (settled.RootElement.GetProperty("freezing").GetBoolean(), settled.RootElement.GetProperty("status").GetString()));
        (await container.Try("unpause")).Succeeded();
        await File.WriteAllTextAsync(path, state.Replace("\"freezing\":false", "\"freezing\":true", StringComparison.Ordinal));
        Assert.Equal("running", await container.Status());
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_paused_container_can_be_removed_and_leaves_nothing(string runtime)
    {
        await using Detached container = await Detached.Run(runtime, [], Detached.Idle);
        (await container.Try("pause")).Succeeded();
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
            await Eventually.Is(true, () => new FileInfo($"{Leftovers.DirectoryOf(name)}/pid") is { Exists: true, Length: > 0 });
            (await PodspawnOci.Call(["pause", name])).Succeeded();
            Assert.Equal(125, (await PodspawnOci.Call(["pause", name])).Status);
            Assert.Equal("paused", await StatusOf(name));
            Assert.Contains("is paused", (await PodspawnOci.Call(["exec", name, "true"])).Error, StringComparison.Ordinal);
            (await PodspawnOci.Call(["unpause", name])).Succeeded();
            Assert.Equal("running", await StatusOf(name));
            Assert.Equal(125, (await PodspawnOci.Call(["unpause", name])).Status);
            (await PodspawnOci.Call(["pause", name])).Succeeded();
            if (stopped)
                (await PodspawnOci.Call(["stop", "--time", "1", name])).Succeeded();
        }
        finally
        {
            launcher.Kill();
            await launcher.WaitForExitAsync();
        }
        (await PodspawnOci.Call(["ps"])).Succeeded();
        await Leftovers.AssertNone(name);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_paused_container_can_be_stopped_and_killed(string runtime)
    {
        await using Detached stopped = await Detached.Run(runtime, [], Detached.Idle), killed = await Detached.Run(runtime, [], Detached.Idle);
        (await stopped.Try("pause")).Succeeded();
        (await stopped.Try("stop", "--time", "1")).Succeeded();
        Assert.Equal("exited", await stopped.Status());
        (await killed.Try("pause")).Succeeded();
        (await killed.Try("kill")).Succeeded();
        Assert.Equal("137", (await killed.Try("wait")).Succeeded().Text.Trim());
    }

    private static async Task<string> StatusOf(string name) => (await Detached.Inspect(name)).GetProperty("State").GetProperty("Status").GetString()!;

    private static async Task<(int Status, string Error)> Failure(Task<Outcome> call)
    {
        Outcome outcome = await call;
        Assert.Equal("", outcome.Text);
        return (outcome.Status, outcome.Error);
    }

    private static async Task<long> Steady(string path)
    {
        long length = -1;
        await Eventually.Holds("the log no longer grows", async () =>
        {
            await Task.Delay(50);
            (long before, length) = (length, new FileInfo(path).Length);
            return length == before;
        });
        return length;
    }
}
