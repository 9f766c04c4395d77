namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>Verbs for all containers, the latest, those that fit a filter, and those whose ids are in files, on every runtime; each in a store of its own.</summary>
public sealed class SelectionSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task All_is_what_the_verb_can_do_something_with(string runtime)
    {
        await using World world = await World.Make();
        string one = await Run(world, runtime, "one"), two = await Run(world, runtime, "two"), made = await Create(world, runtime, "made");
        Assert.Equal([two, one], (await world.Call("pause", "--all")).Succeeded().Lines);
        Assert.Empty((await world.Call("pause", "-a")).Succeeded().Lines);
        Assert.Equal([two, one], (await world.Call("unpause", "--all")).Succeeded().Lines);
        Assert.Equal([two, one], (await world.Call("kill", "--all")).Succeeded().Lines);
        Assert.Equal(["137", "137"], (await world.Call("wait", one, two)).Succeeded().Lines);
        Assert.Empty((await world.Call("wait", "--all")).Succeeded().Lines);
        Assert.Equal([made, two, one], (await world.Call("start", "--all")).Succeeded().Lines);
        Assert.Equal([made, two, one], (await world.Call("stop", "-a", "-t", "0")).Succeeded().Lines);
        Assert.Equal(["exited", "exited", "exited"], await States(world));
        Assert.Equal([made, two, one], (await world.Call("restart", "-a", "-t", "0")).Succeeded().Lines);
        Outcome refused = await world.Call("rm", "--all");
        Assert.Equal((2, ""), (refused.Status, refused.Text));
        Assert.Equal([made, two, one], (await world.Call("rm", "-fa")).Succeeded().Lines);
        Assert.Empty((await world.Call("rm", "-f", "-a")).Succeeded().Lines);
        Assert.Empty(await States(world));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_latest_is_the_one_that_was_made_last(string runtime)
    {
        await using World world = await World.Make();
        string one = await Run(world, runtime, "one"), two = await Run(world, runtime, "two");
        Assert.Equal("two\n", (await world.Call("exec", "-l", "cat", "/name")).Succeeded().Text);
        Assert.Contains("sleep", (await world.Call("top", "-l")).Succeeded().Text, StringComparison.Ordinal);
        Assert.Equal("two\n", (await world.Call("logs", "-l")).Succeeded().Text);
        Assert.Contains(two, (await world.Call("inspect", "--latest")).Succeeded().Text, StringComparison.Ordinal);
        Assert.Contains("two", (await world.Call("stats", "-l", "--no-stream")).Succeeded().Text, StringComparison.Ordinal);
        Assert.Contains("A /name", (await world.Call("diff", "-l")).Succeeded().Lines);
        Assert.Equal([two], (await world.Call("stop", "-l", "-t", "0")).Succeeded().Lines);
        Assert.Equal([two], (await world.Call("rm", "-l")).Succeeded().Lines);
        Assert.Equal([one], (await world.Call("rm", "-l", "-f")).Succeeded().Lines);
        Outcome none = await world.Call("rm", "-l");
        Assert.Equal((125, ""), (none.Status, none.Text));
        Assert.Contains("there is no container", none.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Filters_and_files_choose_and_what_is_not_there_is_ignored_on_request(string runtime)
    {
        await using World world = await World.Make();
        await world.Shell("mkdir /run/podspawn-oci/files");
        const string File = "/run/podspawn-oci/files/id";
        string one = await Run(world, runtime, "one", "--label", "job", "--cidfile", File), two = await Run(world, runtime, "two");
        Assert.Equal(one, (await world.Shell($"cat {File}")).Text);
        Outcome again = await world.Call("create", "--cidfile", File, "--rootfs", Repository.Busybox, "true");
        Assert.Equal((125, ""), (again.Status, again.Text));
        Assert.Equal([one], (await world.Call("stop", "-t0", "--filter", "label=job")).Succeeded().Lines);
        Assert.Equal([one], (await world.Call("start", "-f", "label=job")).Succeeded().Lines);
        Assert.Equal([one], (await world.Call("stop", "-t0", "--cidfile", File)).Succeeded().Lines);
        Assert.Equal([one], (await world.Call("rm", "--cidfile", File)).Succeeded().Lines);
        Outcome gone = await world.Call("rm", "--cidfile", File);
        Assert.Equal((1, ""), (gone.Status, gone.Text));
        (await world.Call("rm", "--ignore", "--cidfile", File, "--cidfile", "/nowhere", "nobody")).Succeeded();
        (await world.Call("stop", "-i", "-t0", "nobody", two)).Succeeded();
        Assert.Equal(["exited"], await States(world));
        foreach (string[] wrong in new string[][]
        {
            ["rm", "-f", "--all", "two"], ["rm", "-f", "--latest", "two"], ["rm", "-f", "--filter", "nonsense=1"], ["rm", "-t", "1", "two"], ["stop", "--all", "--latest"],
            ["kill", "--cidfile", "/nowhere"], ["start", "-a", "--all"], ["start", "--attach", "--filter", "name=two"],
        })
        {
            Outcome outcome = await world.Call(wrong);
            Assert.True(outcome.Status is 1 or 125 && outcome.Text.Length == 0, $"{string.Join(' ', wrong)}: {outcome.Status} {outcome.Text} {outcome.Error}");
        }
        Assert.Equal(["exited"], await States(world));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_forced_removal_with_a_time_asks_first(string runtime)
    {
        await using Detached kept = await Detached.RunShell(runtime, [], "trap 'echo asked; exit 0' TERM; echo up; while :; do sleep .05; done");
        await kept.UntilWritten("up");
        string log = kept.Log;
        using FileStream held = File.OpenRead(log);
        Assert.Equal([kept.Name], (await kept.Do("rm", "--force", "--time", "30")).Lines);
        held.Position = 0;
        Assert.Contains("asked", await new StreamReader(held).ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_wait_for_a_condition_ends_with_it(string runtime)
    {
        await using Detached kept = await Detached.Create(runtime, [], "sh", "-c", "sleep .3; exit 6");
        Assert.Equal(["-1"], (await kept.Do("wait", "--condition", "created")).Lines);
        Task<Outcome> running = kept.Try("wait", "--condition", "running", "--interval", "5ms"), ended = kept.Try("wait", "--condition=stopped", "-i", "5");
        await kept.Do("start");
        Assert.Equal(["6"], (await ended).Succeeded().Lines);
        // It may have run between two looks of the first; it runs once more, and longer, for that.
        if (!running.IsCompleted)
            await kept.Do("start");
        Assert.Equal(["-1"], (await running).Succeeded().Lines);
        Assert.Equal(["-1"], (await PodspawnOci.Call(["wait", "--ignore", "stat-nobody"])).Succeeded().Lines);
        Outcome wrong = await kept.Try("wait", "--condition", "runing");
        Assert.Equal((125, ""), (wrong.Status, wrong.Text));
        Assert.Contains("did you mean running?", wrong.Error, StringComparison.Ordinal);
    }

    private static Task<string> Run(World world, string runtime, string name, params string[] flags) => Make(world, ["run", "--detach"], runtime, name, flags);

    private static Task<string> Create(World world, string runtime, string name) => Make(world, ["create"], runtime, name, []);

    private static async Task<string> Make(World world, string[] verb, string runtime, string name, string[] flags)
    {
        string id = (await world.Call([.. verb, "--runtime", runtime, "--name", name, .. flags, "--rootfs", Repository.Busybox, "--",
            "sh", "-c", $"echo {name}; echo {name} >/name; exec sleep 1000"])).Succeeded().Lines.Single();
        if (verb[0] == "run")
            await Eventually.Is(true, () => world.Call("exec", name, "cat", "/name").GetAwaiter().GetResult().Status == 0);
        return id;
    }

    private static async Task<string[]> States(World world) =>
        [.. System.Text.Json.JsonDocument.Parse((await world.Call("ps", "--all", "--format", "json")).Succeeded().Text).RootElement.EnumerateArray()
            .Select(container => container.GetProperty("State").GetString()!)];
}
