using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>
/// A verb is killed after each of its steps in turn. Whatever it was doing: after <c>gc</c>, what is left on the host is what <c>ps --all</c> shows,
/// and that can be removed; earlier logs and exit statuses still exist.
/// </summary>
[Collection(nameof(Alone))]
public class FaultSpecs
{
    private const string Containers = "/run/podspawn-oci/containers";

    // The commands before the verb, the verb, and which of the places that it passes count.
    private static readonly Dictionary<string, (string[] Before, string[] Verb, string[] Places)> Scenarios = new()
    {
        ["create"] = ([], ["create"], ["create."]),
        ["start"] = (["create"], ["start"], ["start."]),
        ["exec"] = (["run"], ["exec"], ["exec."]),
        ["stop"] = (["run"], ["stop", "--time", "0"], ["stop.", "end."]),
        ["rm"] = (["run"], ["rm", "--force"], ["rm.", "end."]),
        ["rename"] = (["run"], ["rename"], ["rename."]),
        ["pause"] = (["run"], ["pause"], ["pause."]),
        ["restart"] = (["run"], ["restart", "--time", "0"], ["start."]),
    };

    public static TheoryData<string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string>();
            foreach (string runtime in new[] { "runc", "crun", "runsc" })
            {
                foreach (string verb in Scenarios.Keys)
                    cells.Add(runtime, verb);
            }
            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Whatever_step_a_verb_is_killed_after_nothing_is_lost_or_left(string runtime, string verb)
    {
        string journal = Path.GetTempFileName();
        (string[] before, string[] words, string[] places) = Scenarios[verb];
        string[] passed;
        try
        {
            string name = Detached.NewName();
            await Prepare(runtime, name, before);
            Assert.Equal(0, await Run(runtime, name, words, ("PODSPAWN_OCI_FAULT_JOURNAL", journal)));
            passed = [.. (await File.ReadAllLinesAsync(journal)).Where(place => places.Any(prefix => place.StartsWith(prefix, StringComparison.Ordinal))).Distinct()];
            await RemoveAll(name);
        }
        finally
        {
            File.Delete(journal);
        }
        Assert.NotEmpty(passed);
        foreach (string place in passed)
            await KillAt(runtime, before, words, place);
    }

    [Theory]
    [InlineData("create", "create.directory", "create.named", "create.scratch", "create.config", "create.defined")]
    [InlineData("rename", "rename.claimed", "rename.written")]
    public async Task Whatever_step_a_name_is_taken_at_the_next_command_gives_it_back(string verb, params string[] places)
    {
        foreach (string place in places)
        {
            string name = Detached.NewName();
            await Prepare("crun", name, Scenarios[verb].Before);
            Assert.Equal(137, await Run("crun", name, [verb], ("PODSPAWN_OCI_FAULT", place)));
            // Any command, except gc.
            (await PodspawnOci.Call(["doctor"])).Succeeded();
            string[] names = [.. Directory.GetFiles("/run/podspawn-oci/names").Select(path => Path.GetFileName(path))
                .Where(other => other.StartsWith(name, StringComparison.Ordinal))];
            Assert.Equal(verb == "create" ? [] : [place == "rename.claimed" ? name : $"{name}b"], names);
            await RemoveAll(name);
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task An_exit_status_survives_whoever_was_to_write_it_down(string runtime)
    {
        foreach (string place in new[] { "end.written", "end.cgroup", "end.files", "end.released" })
        {
            string name = Detached.NewName();
            // conmon passes its environment on to the exit handler that it calls.
            Assert.Equal(0, await Call(["run", "--detach", "--name", name, "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "sh", "-c", "echo hello; exit 7"],
                ("PODSPAWN_OCI_FAULT", place)));
            Assert.Equal("7", (await PodspawnOci.Call(["wait", name])).Succeeded().Lines.Single());
            (await PodspawnOci.Call(["gc"])).Succeeded();
            Assert.Contains("\"ExitCode\": 7", (await PodspawnOci.Call(["inspect", name])).Succeeded().Text, StringComparison.Ordinal);
            Assert.Equal("hello\n", (await PodspawnOci.Call(["logs", name])).Succeeded().Text);
            await RemoveAll(name);
        }
    }

    private static async Task KillAt(string runtime, string[] before, string[] words, string place)
    {
        string name = Detached.NewName();
        HashSet<string> known = Ids();
        await Prepare(runtime, name, before);
        int status = await Run(runtime, name, words, ("PODSPAWN_OCI_FAULT", place));
        // conmon calls the exit handler as well: the first of the two records the end, and the verb may have nothing left to do.
        Assert.True(status == 137 || (status == 0 && place.StartsWith("end.", StringComparison.Ordinal)), $"{place}: {status}");
        HashSet<string> ids = [.. Ids().Except(known).Where(id => IsOf(name, id))];
        (await PodspawnOci.Call(["gc"])).Succeeded();

        foreach (string id in ids.Where(id => IsOf(name, id)))
        {
            if (await Settled(id, place) is not { } told)
            {
                await NothingLeft(id, place);
                continue;
            }
            if (before is ["run"])
            {
                Assert.Contains("hello\n", (await PodspawnOci.Call(["logs", id])).Succeeded().Text, StringComparison.Ordinal);
                if (told.Contains("\"Status\": \"exited\"", StringComparison.Ordinal))
                    Assert.True(told.Contains("\"ExitCode\": 137", StringComparison.Ordinal) || told.Contains("\"ExitCode\": 143", StringComparison.Ordinal), $"{place}: {told}");
            }
            (await PodspawnOci.Call(["rm", "--force", id])).Succeeded();
            await NothingLeft(id, place);
        }
        Assert.DoesNotContain(Ids(), ids.Contains);
        Assert.DoesNotContain((await PodspawnOci.Call(["gc", "--dry-run"])).Succeeded().Lines, line =>
            line.Contains(name, StringComparison.Ordinal) || ids.Any(id => line.Contains(id, StringComparison.Ordinal)));
        Assert.DoesNotContain(Directory.GetFiles("/run/podspawn-oci/names").Select(Path.GetFileName), other => other!.StartsWith(name, StringComparison.Ordinal));
    }

    // The exit handler may still be at work. Null where ps --all does not show it.
    private static async Task<string?> Settled(string id, string place)
    {
        Outcome told = default!;
        for (DateTime end = DateTime.UtcNow.AddSeconds(20); DateTime.UtcNow < end; await Task.Delay(20))
        {
            string[] shown = (await PodspawnOci.Call(["ps", "--all", "--quiet", "--no-trunc"])).Succeeded().Lines;
            told = await PodspawnOci.Call(["inspect", id]);
            if (told.Status != 0)
                return null;
            if (shown.Contains(id) && new[] { "created", "running", "paused", "exited" }.Any(word => told.Text.Contains($"\"Status\": \"{word}\"", StringComparison.Ordinal)))
                return told.Text;
        }
        Assert.Fail($"{place}: {told.Text}");
        return null;
    }

    private static async Task NothingLeft(string id, string place)
    {
        try
        {
            await Leftovers.AssertNone(id);
        }
        catch (Xunit.Sdk.XunitException e)
        {
            Assert.Fail($"{place}: {e.Message}");
        }
    }

    private static async Task Prepare(string runtime, string name, string[] before)
    {
        string[] make = before switch
        {
            ["create"] => ["create"],
            ["run"] => ["run", "--detach"],
            _ => [],
        };
        if (make.Length == 0)
            return;
        Assert.Equal(0, await Call([.. make, "--name", name, "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "sh", "-c", "echo hello; exec sleep 1000"]));
        while (before is ["run"] && !(await PodspawnOci.Call(["logs", name])).Text.Contains("hello", StringComparison.Ordinal))
            await Task.Delay(5);
    }

    private static Task<int> Run(string runtime, string name, string[] words, params (string, string)[] environment) => Call(
        words switch
        {
            ["create"] => ["create", "--name", name, "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "sleep", "1000"],
            ["exec"] => ["exec", name, "true"],
            ["rename"] => ["rename", name, $"{name}b"],
            _ => [.. words, name],
        },
        environment);

    private static async Task<int> Call(string[] arguments, params (string Name, string Value)[] environment)
    {
        Command command = Cli.Wrap(Repository.FaultCommand).WithArguments(arguments)
            .WithEnvironmentVariables(environment.ToDictionary(pair => pair.Name, string? (pair) => pair.Value));
        return (await Outcome.Of(command)).Status;
    }

    private static async Task RemoveAll(string name)
    {
        (await PodspawnOci.Call(["rm", "--force", name])).Succeeded();
        (await PodspawnOci.Call(["rm", "--force", $"{name}b"])).Succeeded();
    }

    // A container without a definition may be any process's; in these tests it is ours.
    private static bool IsOf(string name, string id)
    {
        string definition = $"{Containers}/{id}/container.json";
        return !File.Exists(definition) || File.ReadAllText(definition).Contains($"\"name\":\"{name}", StringComparison.Ordinal);
    }

    private static HashSet<string> Ids() => Directory.Exists(Containers) ? [.. Directory.GetDirectories(Containers).Select(path => Path.GetFileName(path))] : [];
}
