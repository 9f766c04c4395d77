using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests;

/// <summary>A container that runs detached until the test is over.</summary>
internal sealed class DetachedContainer : IAsyncDisposable
{
    /// <summary>A program that goes on for longer than any test, in two processes.</summary>
    internal static readonly string[] Idle = ["sh", "-c", "sleep 600 & exec sleep 600"];

    private DetachedContainer(string name, string id)
    {
        Name = name;
        Id = id;
    }

    internal string Name { get; }

    internal string Id { get; }

    /// <summary>Where it is among the cgroups of a controller.</summary>
    internal string Cgroup(string controller) => Directory.Exists("/sys/fs/cgroup/pids") ? $"/sys/fs/cgroup/{controller}/podspawn-oci-{Id}" : $"/sys/fs/cgroup/podspawn-oci-{Id}";

    /// <summary>Launches one on the probe root filesystem.</summary>
    internal static async Task<DetachedContainer> Start(string runtime, string name, string[]? flags = null, string[]? command = null)
    {
        Outcome started = await Podspawn.Call(["run", "--detach", "--runtime", runtime, "--name", name, "--rootfs", Repository.Probe, .. flags ?? [], "--", .. command ?? Idle]);
        return new DetachedContainer(name, started.Succeeded().Text.Trim());
    }

    /// <summary>Any verb about it.</summary>
    internal Task<Outcome> Call(string verb, params string[] flags) => Podspawn.Call([verb, .. flags, Name]);

    /// <summary>The word of docker's for where it is in its life.</summary>
    internal async Task<string> State()
    {
        using JsonDocument listed = JsonDocument.Parse((await Podspawn.Call(["ps", "--all", "--format", "json"])).Succeeded().Text);
        return listed.RootElement.EnumerateArray().Single(container => container.GetProperty("name").GetString() == Name).GetProperty("state").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        (await Podspawn.Call(["rm", "--force", Name])).Succeeded();
        await Leftovers.AssertNone(Id);
    }
}
