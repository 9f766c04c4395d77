using System.Text.Json;
using Podspawn.Oci.Schemas;

namespace Podspawn.Oci.RuntimeTests.CommandLine;

/// <summary>Templates and JSON of the verbs, with docker's and podman's names.</summary>
public sealed class FormatSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Inspect_fills_in_a_template(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime,
            ["--label", "a=one", "--label", "evil=\u001b[31mx\ny", "--memory", "64m", "--pids-limit", "55", "--read-only", "--stop-signal", "INT"], "sleep", "1000");
        Assert.Equal(
            $"running true {await kept.Pid()} {kept.Id} {kept.Name} {runtime} 67108864 55 true one sleep [1000] none",
            await Inspect(kept.Name, "{{.State.Status}} {{.State.Running}} {{.State.Pid}} {{.Id}} {{.Name}} {{.OCIRuntime}} {{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} "
                + "{{.HostConfig.ReadonlyRootfs}} {{.Config.Labels.a}} {{.Path}} {{.Args}} {{.HostConfig.NetworkMode}}"));
        Assert.Equal("""["sleep","1000"] SIGINT""", await Inspect(kept.Name, "{{json .Config.Cmd}} {{.Config.StopSignal}}"));
        Assert.Equal(@"\u001b[31mx\u000ay", await Inspect(kept.Name, "{{.Config.Labels.evil}}"));
        Assert.Equal("PATH", (await Inspect(kept.Name, "{{range .Config.Env}}{{index (split . \"=\") 0}};{{end}}")).Split(';').Single(name => name == "PATH"));
        Assert.Equal("starting at 2", await Inspect(kept.Name, "{{if .State.Health.Status}}checked{{else}}starting at {{slice .State.StartedAt 0 1}}{{end}}"));
    }

    [Fact]
    public async Task Inspect_tells_the_entry_point_and_the_command_apart_and_json_turns_no_text()
    {
        await using Detached both = await Detached.Run("crun", ["--entrypoint", """["sh","-c"]""", "-e", "TURNED=a\u202eb", "--init"], "sleep 1000", "x");
        Assert.Equal("""["sh","-c"] ["sleep 1000","x"] sh [-c sleep 1000 x]""", await Inspect(both.Name, "{{json .Config.Entrypoint}} {{json .Config.Cmd}} {{.Path}} {{.Args}}"));
        await using Detached none = await Detached.Run("crun", ["--entrypoint", ""], "sleep", "1000");
        Assert.Equal("""[] ["sleep","1000"]""", await Inspect(none.Name, "{{json .Config.Entrypoint}} {{json .Config.Cmd}}"));
        string json = (await PodspawnOci.Call(["inspect", both.Name])).Succeeded().Text;
        Assert.DoesNotContain('\u202e', json);
        Assert.Contains(@"TURNED=a\u202eb", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ps_fills_in_a_template_and_prints_the_users_table()
    {
        await using Detached kept = await Detached.Run("crun", ["--label", "x=1"], "sleep", "1000");
        string[] one = ["ps", "--filter", $"name={kept.Name}", "--format"];
        Assert.Equal([$"{kept.Id[..12]}|{kept.Name}|running|sleep 1000|1|map[x:1]"],
            (await PodspawnOci.Call([.. one, "{{.ID}}|{{.Names}}|{{.State}}|{{.Command}}|{{.Label \"x\"}}|{{.Labels}}"])).Succeeded().Lines);
        string[] table = (await PodspawnOci.Call([.. one, @"table {{.ID}}\t{{.Names}}"])).Succeeded().Lines;
        Assert.Equal(["CONTAINER ID  NAMES", $"{kept.Id[..12]}  {kept.Name}"], table);
        Assert.StartsWith("Up ", (await PodspawnOci.Call([.. one, "{{.Status}}"])).Succeeded().Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ps", "{{.Naems}}", "did you mean Names?")]
    [InlineData("images", "{{.Repo}}", "has no field Repo")]
    [InlineData("events", "{{.Acton}}", "did you mean Action?")]
    [InlineData("stats", "{{.CPUPrec}}", "did you mean CPUPerc?")]
    [InlineData("ps", "{{.Names", "is not closed")]
    [InlineData("ps", "jsn", "did you mean json?")]
    [InlineData("inspect", "table", "has no table")]
    public async Task A_wrong_template_is_refused_before_anything_is_printed(string verb, string format, string problem)
    {
        Outcome refused = await PodspawnOci.Call([verb, "--format", format, .. verb == "inspect" ? ["x"] : (string[])[]]);
        Assert.Equal(125, refused.Status);
        Assert.Empty(refused.Text);
        Assert.Contains(problem, refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_prints_what_it_finds_and_names_the_rest()
    {
        await using Detached kept = await Detached.Create("crun", [], "true");
        Outcome told = await PodspawnOci.Call(["inspect", "no-such-one", kept.Name, "no-such-two"]);
        Assert.Equal(125, told.Status);
        using JsonDocument json = JsonDocument.Parse(told.Output);
        Assert.Equal(kept.Id, Assert.Single(json.RootElement.EnumerateArray()).GetProperty("Id").GetString());
        Assert.Contains("no such object: 'no-such-one'", told.Error, StringComparison.Ordinal);
        Assert.Contains("no such object: 'no-such-two'", told.Error, StringComparison.Ordinal);
        Outcome image = await PodspawnOci.Call(["inspect", "--type", "image", "-f", "{{.Id}}", kept.Name]);
        Assert.Equal((125, ""), (image.Status, image.Text));
        Assert.Contains("no such image", image.Error, StringComparison.Ordinal);
        Assert.Equal("0", await Inspect(kept.Name, "{{.SizeRw}}", "--size", "--type", "container"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_is_printed_fits_its_schema(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, ["--label", "x=1", "--init"], "sleep", "1000");
        await Fits("inspect", await kept.Do("inspect", "--size"));
        await Fits("ps", (await PodspawnOci.Call(["ps", "-a", "--format", "json"])).Succeeded());
        await Fits("stats", (await PodspawnOci.Call(["stats", "--no-stream", "--format", "json", kept.Name])).Succeeded());
        string first = (await PodspawnOci.Call(["events", "--stream=false", "--since", "10m", "--filter", $"container={kept.Id}", "--format", "json"])).Succeeded().Lines[0];
        await Fits("events", first);
        Assert.Equal("create", JsonDocument.Parse(first).RootElement.GetProperty("Status").GetString());
        Assert.Equal([$"create {kept.Name} 1", $"start {kept.Name} 1"], (await PodspawnOci.Call(["events", "--stream=false", "--since", "10m", "--filter", $"container={kept.Id}",
            "--format", "{{.Action}} {{.Actor.Attributes.name}} {{.Attributes.x}}"])).Succeeded().Lines);
    }

    private static Task Fits(string schema, Outcome printed) => Fits(schema, printed.Text);

    // With the distribution's validator: python3-jsonschema.
    private static async Task Fits(string schema, string document)
    {
        using var reader = new StreamReader(SchemaFiles.Open(schema));
        string asked = $$"""{"schema": {{await reader.ReadToEndAsync()}}, "document": {{document}}}""";
        const string Script = "import json,sys; from jsonschema import Draft202012Validator as V; a=json.load(sys.stdin); print([e.json_path+': '+e.message[:200] for e in V(a['schema']).iter_errors(a['document'])])";
        Outcome answer = (await Outcome.Of(CliWrap.Cli.Wrap("/usr/bin/python3").WithArguments(["-c", Script]).WithStandardInputPipe(CliWrap.PipeSource.FromString(asked)))).Succeeded();
        Assert.Equal("[]", answer.Text.Trim());
    }

    private static async Task<string> Inspect(string name, string format, params string[] flags) =>
        (await PodspawnOci.Call(["inspect", .. flags, "--format", format, name])).Succeeded().Text.TrimEnd('\n');
}
