using System.Diagnostics;
using System.Text.Json;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Events;
using Podspawn.Oci.State.Store;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>Events of containers are reported to every watcher at once.</summary>
public sealed class EventsSpecs
{
    private readonly ContainerStore store = new(StateLayout.Default);

    [Fact]
    public async Task What_happened_is_told()
    {
        await using Detached container = await Detached.RunShell("crun", ["--label", "tier=front"], "true");
        Report(container, "tested", ("exitCode", "3"));
        Outcome text = (await PodspawnOci.Call(["events", "--stream=false", "--since", "10m", "--filter", "container=" + container.Name, "--filter", "event=tested"])).Succeeded();
        Assert.Matches($@"^\S+ \S+ \S+ container tested [0-9a-f]{{64}} \(image=.*, name={container.Name}, exitCode=3, tier=front\)$", Assert.Single(text.Lines));
        Outcome json = (await PodspawnOci.Call(
            ["events", "--until", "0s", "--format", "json", "--filter", "label=tier=front", "--filter", "event=tested", "--filter", "container=" + container.Name])).Succeeded();
        using JsonDocument line = JsonDocument.Parse(Assert.Single(json.Lines));
        Assert.Equal("3", line.RootElement.GetProperty("Attributes").GetProperty("exitCode").GetString());
        Assert.Empty((await PodspawnOci.Call(["events", "--stream=false", "--filter", "event=tested", "--filter", "label=tier=back"])).Succeeded().Lines);
    }

    [Fact]
    public async Task What_happens_is_told_until_an_interrupt()
    {
        await using Detached container = await Detached.RunShell("crun", [], "true");
        using Process events = Process.Start(new ProcessStartInfo("env",
            ["--default-signal", Repository.Command, "events", "--filter", "container=" + container.Name, "--filter", "event=tested"]) { RedirectStandardOutput = true })!;
        Task<string?> line = events.StandardOutput.ReadLineAsync();
        // Whether it is already watching cannot be seen from outside: an event that it misses is repeated.
        while (await Task.WhenAny(line, Task.Delay(100)) != line)
            Report(container, "tested");
        Assert.Contains(container.Name, await line, StringComparison.Ordinal);
        Assert.Equal(0, Tmds.Linux.LibC.kill(events.Id, 2));
        await events.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0, events.ExitCode);
    }

    [Fact]
    public async Task The_end_can_be_given()
    {
        (await PodspawnOci.Call(["events", "--until", "300ms"])).Succeeded();
        Assert.Equal(125, (await PodspawnOci.Call(["events", "--filter", "evnt=die"])).Status);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Those_in_the_foreground_report_as_well(string runtime)
    {
        string name = $"events-{Guid.NewGuid():N}";
        string[] run = ["run", "--runtime", runtime, "--name", name, "--rootfs", Repository.Busybox, "--"];
        Assert.Equal(3, (await PodspawnOci.Call([.. run, "sh", "-c", "exit 3"])).Status);
        // The failure is found before anything is created: there is no event.
        Assert.Equal(127, (await PodspawnOci.Call([.. run, "no-such-command"])).Status);
        Assert.Equal(143, (await PodspawnOci.Call([.. run, "sh", "-c", "trap 'exit 143' TERM; kill -TERM $$; sleep 60"])).Status);
        string[] lines = (await PodspawnOci.Call(["events", "--stream=false", "--since", "10m", "--filter", $"container={name}", "--format", "json"])).Succeeded().Lines;
        Assert.Equal(
            ["create", "start", "die 3", "remove", "create", "start", "die 143", "remove"],
            lines.Select(line =>
            {
                using JsonDocument happened = JsonDocument.Parse(line);
                JsonElement root = happened.RootElement;
                return root.GetProperty("Attributes").TryGetProperty("exitCode", out JsonElement status) ? $"{root.GetProperty("Action")} {status}"
                    : $"{root.GetProperty("Action")}";
            }));
    }

    private void Report(Detached container, string action, params (string, string)[] attributes) =>
        EventLog.Report(store, new ContainerRegistry(store).Find(container.Name).Definition, action, attributes);
}
