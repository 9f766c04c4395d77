using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests;

/// <summary>A detached container for one test. Nothing of it is left when it is disposed of.</summary>
internal sealed class Detached : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private Detached(string name, string id) => (Name, Id) = (name, id);

    internal string Name { get; private set; }

    internal string Id { get; }

    /// <summary>The flags for the probe root filesystem instead of busybox's.</summary>
    internal static string[] OnProbe => ["--rootfs", Repository.Probe];

    internal string Directory => $"/run/podspawn-oci/containers/{Id}";

    internal string Layer => Leftovers.LayersOf(Id).Single();

    internal string Log => $"{Layer}/container.log";

    /// <summary>A program that runs longer than any test, in two processes.</summary>
    internal static readonly string[] Idle = ["sh", "-c", "sleep 600 & exec sleep 600"];

    /// <summary>Its directory among the version 1 cgroups of a controller.</summary>
    internal string Cgroup(string controller) => Leftovers.CgroupsOf(Id).Single(path => path.StartsWith($"/sys/fs/cgroup/{controller}/", StringComparison.Ordinal));

    /// <summary>A name that no other test uses.</summary>
    internal static string NewName() => $"t{Guid.NewGuid():N}"[..20];

    /// <summary><c>run --detach</c> on the busybox root filesystem.</summary>
    internal static Task<Detached> Run(string runtime, string[] flags, params string[] command) => Make("run", runtime, ["--detach", .. flags], command);

    /// <summary><c>create</c> on the busybox root filesystem.</summary>
    internal static Task<Detached> Create(string runtime, string[] flags, params string[] command) => Make("create", runtime, flags, command);

    /// <summary><c>run --detach</c> of a shell script.</summary>
    internal static Task<Detached> RunShell(string runtime, string[] flags, string script) => Run(runtime, flags, "sh", "-c", script);

    /// <summary><c>create</c> of a shell script.</summary>
    internal static Task<Detached> CreateShell(string runtime, string[] flags, string script) => Create(runtime, flags, "sh", "-c", script);

    /// <summary>A container that only waits, on the probe root filesystem, for exec.</summary>
    internal static Task<Detached> Waiting(string runtime, params string[] flags) => Run(runtime, [.. OnProbe, .. flags], "sleep", "600");

    /// <summary>Runs <c>exec</c> in it.</summary>
    internal Task<Outcome> Exec(string[] flags, params string[] command) => PodspawnOci.Call(["exec", .. flags, Name, .. command]);

    internal Task<JsonElement> Inspect() => Inspect(Id);

    /// <summary>Inspects any container.</summary>
    internal static async Task<JsonElement> Inspect(string name) => JsonDocument.Parse((await PodspawnOci.Call(["inspect", name])).Succeeded().Output).RootElement[0];

    internal async Task<JsonElement> State() => (await Inspect()).GetProperty("State");

    internal async Task<string> Status() => (await State()).GetProperty("Status").GetString()!;

    internal async Task<int> Pid() => (await State()).GetProperty("Pid").GetInt32();

    internal async Task<int> MonitorPid() => (await State()).GetProperty("ConmonPid").GetInt32();

    /// <summary>Calls a verb on it, which must succeed.</summary>
    internal async Task<Outcome> Do(string verb, params string[] flags) => (await PodspawnOci.Call([verb, .. flags, Name])).Succeeded();

    /// <summary>Calls a verb on it.</summary>
    internal Task<Outcome> Try(string verb, params string[] flags) => PodspawnOci.Call([verb, .. flags, Name]);

    /// <summary>Calls any verb, with arguments in which <c>{}</c> stands for its name.</summary>
    internal Task<Outcome> Call(params string[] arguments) => PodspawnOci.Call([.. arguments.Select(word => word.Replace("{}", Name, StringComparison.Ordinal))]);

    /// <summary>Kills it, and waits for its end.</summary>
    internal async Task Kill()
    {
        await Do("kill");
        await Do("wait");
    }

    internal async Task Rename(string name)
    {
        (await PodspawnOci.Call(["rename", Name, name])).Succeeded();
        Name = name;
    }

    /// <summary>Waits until its inspected state meets a condition.</summary>
    internal async Task Until(Func<JsonElement, bool> isSo)
    {
        JsonElement last = await Inspect();
        for (DateTime end = DateTime.UtcNow + Limit; !isSo(last) && DateTime.UtcNow < end; last = await Inspect())
            await Task.Delay(20);
        Assert.True(isSo(last), last.ToString());
    }

    internal Task UntilStatus(string status) => Until(told => told.GetProperty("State").GetProperty("Status").GetString() == status);

    /// <summary>What the container has written so far, without the log's own columns.</summary>
    internal string Written() => File.Exists(Log) ? string.Concat(File.ReadLines(Log).Select(line => $"{line.Split(' ', 4)[3]}\n")) : "";

    /// <summary>Waits until it has written a text.</summary>
    internal async Task UntilWritten(string text)
    {
        for (DateTime end = DateTime.UtcNow + Limit; !Written().Contains(text, StringComparison.Ordinal) && DateTime.UtcNow < end;)
            await Task.Delay(10);
        Assert.Contains(text, Written(), StringComparison.Ordinal);
    }

    /// <summary>Waits until a process of that name runs in it.</summary>
    internal async Task UntilCommand(string name)
    {
        string top = (await Do("top")).Text;
        for (DateTime end = DateTime.UtcNow + Limit; !top.Contains(name, StringComparison.Ordinal) && DateTime.UtcNow < end; top = (await Do("top")).Text)
            await Task.Delay(10);
        Assert.Contains(name, top, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        (await PodspawnOci.Call(["rm", "--force", Id])).Succeeded();
        await Leftovers.AssertNone(Id);
        Assert.False(File.Exists($"/run/podspawn-oci/names/{Name}"));
    }

    private static async Task<Detached> Make(string verb, string runtime, string[] flags, string[] command)
    {
        string name = NewName();
        string[] root = flags.Contains("--rootfs") ? [] : ["--rootfs", Repository.Busybox];
        Outcome made = (await PodspawnOci.Call([verb, "--runtime", runtime, "--name", name, .. root, .. flags, "--", .. command])).Succeeded();
        Assert.Single(made.Lines);
        Assert.Matches("^[0-9a-f]{64}$", made.Lines[0]);
        return new Detached(name, made.Lines[0]);
    }
}
