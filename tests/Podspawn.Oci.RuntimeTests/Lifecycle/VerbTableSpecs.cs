using System.Text.Json;
using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>The table of verbs and runtimes: in each cell the verb does its work on the real runtime, or says that the runtime cannot.</summary>
public class VerbTableSpecs
{
    private static readonly Dictionary<string, Func<string, Task>> Verbs = new()
    {
        ["run --detach"] = runtime => On(runtime, async kept => Assert.Equal("running", await kept.Status())),
        ["create"] = async runtime =>
        {
            await using Detached kept = await Detached.Create(runtime, [], "true");
            Assert.Equal("created", await kept.Status());
        },
        ["start"] = async runtime =>
        {
            await using Detached kept = await Detached.Create(runtime, [], "sleep", "1000");
            Assert.Equal([kept.Name], (await kept.Do("start")).Lines);
            Assert.Equal("running", await kept.Status());
        },
        ["exec"] = runtime => On(runtime, async kept =>
        {
            Outcome exec = await PodspawnOci.Call(["exec", "--env", "A=b", kept.Name, "sh", "-c", "echo $A; exit 3"]);
            Assert.Equal((3, "b\n"), (exec.Status, exec.Text));
        }),
        ["attach"] = async runtime =>
        {
            await using Detached kept = await Detached.Run(runtime, ["--interactive"], "sh", "-c", "read line; echo got $line; exit 4");
            Outcome attach = await PodspawnOci.Call(["attach", kept.Name], PipeSource.FromString("word\n"));
            Assert.Equal((4, "got word\n"), (attach.Status, attach.Text));
        },
        ["logs"] = runtime => On(runtime, async kept => Assert.Equal("hello\n", (await kept.Do("logs")).Text)),
        ["ps"] = runtime => On(runtime, async kept => Assert.Equal([kept.Id],
            (await PodspawnOci.Call(["ps", "--quiet", "--no-trunc", "--filter", $"name={kept.Name}", "--filter", $"runtime={runtime}"])).Succeeded().Lines)),
        ["inspect"] = runtime => On(runtime, async kept => Assert.Equal(runtime, (await kept.Inspect()).GetProperty("OCIRuntime").GetString())),
        ["wait"] = async runtime =>
        {
            await using Detached kept = await Detached.Run(runtime, [], "sh", "-c", "exit 5");
            Assert.Equal(["5"], (await kept.Do("wait")).Lines);
        },
        ["stop"] = runtime => On(runtime, async kept =>
        {
            Assert.Equal([kept.Name], (await kept.Do("stop", "--time", "0")).Lines);
            Assert.Equal("exited", await kept.Status());
        }),
        ["restart"] = runtime => On(runtime, async kept =>
        {
            int before = await kept.Pid();
            await kept.Do("restart", "--time", "0");
            Assert.NotEqual(before, await kept.Pid());
        }),
        ["kill"] = runtime => On(runtime, async kept =>
        {
            await kept.Do("kill", "--signal", "KILL");
            await kept.UntilStatus("exited");
            Assert.Equal(137, (await kept.State()).GetProperty("ExitCode").GetInt32());
        }),
        ["pause"] = runtime => On(runtime, async kept =>
        {
            await kept.Do("pause");
            Assert.Equal("paused", await kept.Status());
        }),
        ["unpause"] = runtime => On(runtime, async kept =>
        {
            await kept.Do("pause");
            await kept.Do("unpause");
            Assert.Equal("running", await kept.Status());
        }),
        ["update"] = runtime => On(runtime, async kept =>
        {
            Outcome update = await kept.Try("update", "--pids-limit", "99");
            Assert.Equal(runtime == "runsc" ? 125 : 0, update.Status);
            if (runtime == "runsc")
                Assert.Contains("runsc", update.Error, StringComparison.Ordinal);
            else
                Assert.Equal(99, (await kept.Inspect()).GetProperty("Podspawn").GetProperty("Spec").GetProperty("linux").GetProperty("resources").GetProperty("pids").GetProperty("limit").GetInt32());
        }),
        ["top"] = runtime => On(runtime, async kept => Assert.Contains("sleep", (await kept.Do("top")).Text, StringComparison.Ordinal)),
        ["stats"] = runtime => On(runtime, async kept => Assert.Contains(kept.Name, (await kept.Do("stats", "--no-stream")).Text, StringComparison.Ordinal)),
        ["cp"] = runtime => On(runtime, async kept =>
        {
            string file = Path.GetTempFileName();
            await File.WriteAllTextAsync(file, "content");
            (await PodspawnOci.Call(["cp", file, $"{kept.Name}:/copied"])).Succeeded();
            File.Delete(file);
            (await PodspawnOci.Call(["cp", $"{kept.Name}:/copied", file])).Succeeded();
            Assert.Equal("content", await File.ReadAllTextAsync(file));
            File.Delete(file);
        }),
        ["diff"] = runtime => On(runtime, async kept => Assert.Equal(["A /made"], (await kept.Do("diff")).Lines)),
        ["rename"] = runtime => On(runtime, async kept =>
        {
            await kept.Rename(Detached.NewName());
            Assert.Equal("running", await kept.Status());
        }),
        ["rm"] = runtime => On(runtime, async kept =>
        {
            Assert.Equal([kept.Name], (await kept.Do("rm", "--force")).Lines);
            await Leftovers.AssertNone(kept.Id);
        }),
        ["prune"] = async runtime =>
        {
            await using Detached kept = await Detached.Run(runtime, ["--label", $"prune-{runtime}"], "true");
            await kept.UntilStatus("exited");
            string[] words = ["prune", "--containers", "--filter", $"label=prune-{runtime}"];
            Assert.Contains(kept.Name, (await PodspawnOci.Call([.. words, "--dry-run"])).Succeeded().Text, StringComparison.Ordinal);
            Assert.Contains(kept.Name, (await PodspawnOci.Call(words)).Succeeded().Text, StringComparison.Ordinal);
            await Leftovers.AssertNone(kept.Id);
        },
        ["events"] = runtime => On(runtime, async kept =>
        {
            await kept.Do("stop", "--time", "0");
            string[] lines = (await PodspawnOci.Call(["events", "--stream=false", "--since", "10m", "--filter", $"container={kept.Id}", "--format", "json"])).Succeeded().Lines;
            Assert.Equal(["create", "start", "die", "stop"], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("Action").GetString()!));
        }),
        ["export"] = runtime => On(runtime, async kept => Assert.True((await kept.Do("export")).Output.AsSpan().IndexOf("made"u8) > 0)),
        ["verify"] = runtime => On(runtime, async kept => Assert.Contains("namespaces", (await kept.Try("verify")).Text, StringComparison.Ordinal)),
        ["healthcheck run"] = async runtime =>
        {
            await using Detached kept = await Detached.Run(runtime, ["--health-cmd", "true", "--health-interval", "disable"], "sleep", "1000");
            (await PodspawnOci.Call(["healthcheck", "run", kept.Name])).Succeeded();
            Assert.Equal("healthy", (await kept.State()).GetProperty("Health").GetProperty("Status").GetString());
        },
        ["generate systemd"] = runtime => On(runtime, async kept =>
            Assert.Contains($"--runtime {runtime}", (await PodspawnOci.Call(["generate", "systemd", kept.Name])).Succeeded().Text, StringComparison.Ordinal)),
    };

    public static TheoryData<string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string>();
            foreach (string verb in Verbs.Keys)
            {
                foreach (string runtime in new[] { "runc", "crun", "runsc" })
                    cells.Add(verb, runtime);
            }
            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public Task Every_verb_works_or_says_why_not(string verb, string runtime) => Verbs[verb](runtime);

    private static async Task On(string runtime, Func<Detached, Task> act)
    {
        await using Detached kept = await Detached.Run(runtime, [], "sh", "-c", "echo hello; touch /made; exec sleep 1000");
        await kept.UntilWritten("hello");
        // The part after the word is done as well.
        await kept.UntilCommand("sleep");
        await act(kept);
    }
}
