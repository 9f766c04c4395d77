using System.Diagnostics;
using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>Containers in the foreground that stay, files for ids, and names that go to another, on every runtime.</summary>
public sealed class KeptRunSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Kept_in_the_foreground_it_has_its_log_and_status_and_can_be_started_again(string runtime)
    {
        string name = Detached.NewName();
        Outcome ran = await Run(runtime, name, ["--rm=false"], "sh", "-c", "echo out; echo err >&2; echo more >/file; exit 7");
        try
        {
            Assert.Equal((7, "out\n", "err\n"), (ran.Status, ran.Text, ran.Error));
            Outcome logs = (await PodspawnOci.Call(["logs", name])).Succeeded();
            Assert.Equal(("out\n", "err\n"), (logs.Text, logs.Error));
            Assert.Equal("exited", (await Detached.Inspect(name)).GetProperty("State").GetProperty("Status").GetString());
            Assert.Equal(7, (await PodspawnOci.Call(["start", "--attach", name])).Status);
        }
        finally
        {
            (await PodspawnOci.Call(["rm", "--force", name])).Succeeded();
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Only_the_streams_that_are_attached_are_passed_on_and_the_log_has_all(string runtime)
    {
        foreach ((string[] streams, string output, string error) in new (string[], string, string)[]
        {
            (["stdout"], "out\n", ""), (["stderr"], "", "err\n"), (["STDOUT", "stderr"], "out\n", "err\n"), (["stdin"], "ID\n", ""),
        })
        {
            string name = Detached.NewName();
            Outcome ran = await Run(runtime, name, ["--rm=false", .. streams.SelectMany(stream => new[] { "-a", stream })], "sh", "-c", "echo out; echo err >&2");
            try
            {
                string id = (await Detached.Inspect(name)).GetProperty("Id").GetString()!;
                Assert.Equal((0, output.Replace("ID", id, StringComparison.Ordinal), error), (ran.Status, ran.Text, ran.Error));
                Outcome logs = (await PodspawnOci.Call(["logs", name])).Succeeded();
                Assert.Equal(("out\n", "err\n"), (logs.Text, logs.Error));
            }
            finally
            {
                (await PodspawnOci.Call(["rm", "--force", name])).Succeeded();
            }
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task One_whose_command_cannot_begin_leaves_neither_itself_nor_its_volumes(string runtime)
    {
        await using World world = await World.Make();
        string[] run = ["run", "--runtime", runtime, "-v", "/data", "--rootfs", Repository.Busybox, "--rm=false"];
        foreach (string[] more in new string[][] { [], ["-d"] })
        {
            Assert.Equal(127, (await world.Call([.. run, .. more, "no-such-command"])).Status);
            Assert.Empty((await world.Call("volume", "ls", "--quiet")).Succeeded().Lines);
            Assert.Empty((await world.Call("ps", "--all", "--quiet")).Succeeded().Lines);
        }
    }

    [Theory]
    [InlineData("has our own streams", "--attach", "stderr")]
    [InlineData("exclude each other", "--attach=stdout", "--detach")]
    [InlineData("is no stream", "--rm=false", "-a", "stdbad")]
    public async Task Streams_that_cannot_be_attached_are_refused(string why, params string[] flags)
    {
        string name = Detached.NewName();
        Outcome refused = await Run("runc", name, flags, "true");
        Assert.Equal((125, ""), (refused.Status, refused.Text));
        Assert.Contains(why, refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await PodspawnOci.Call(["container", "exists", name])).Status);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Kept_it_reads_what_it_is_given_to_the_end(string runtime)
    {
        string name = Detached.NewName(), text = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"line {i}\n"));
        Outcome ran = await PodspawnOci.Call(
            ["run", "--rm=no", "-i", "--runtime", runtime, "--name", name, "--rootfs", Repository.Busybox, "--", "sh", "-c", "cat; exit 3"], PipeSource.FromString(text));
        (await PodspawnOci.Call(["rm", "--force", name])).Succeeded();
        Assert.Equal(3, ran.Status);
        Assert.Equal(text, ran.Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_command_that_cannot_begin_leaves_nothing_kept_and_no_file(string runtime)
    {
        string name = Detached.NewName();
        using var directory = new TemporaryDirectory();
        foreach (string[] flags in new string[][] { ["--rm=false"], ["--rm=false", "--tmpfs", "/mnt/t"], ["--detach"], ["--detach", "--tmpfs", "/mnt/t"], [], ["--tmpfs", "/mnt/t"] })
        {
            Outcome ran = await Run(runtime, name, [.. flags, "--cidfile", $"{directory.Path}/id"], "no-such-command");
            Assert.True(ran.Status == 127, $"{string.Join(' ', flags)}: {ran.Status} {ran.Error}");
            Assert.Equal(1, (await PodspawnOci.Call(["container", "exists", name])).Status);
            Assert.Empty(Directory.GetFiles(directory.Path));
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Without_that_it_goes_with_its_end_and_its_id_stays_in_the_file(string runtime)
    {
        string name = Detached.NewName();
        using var directory = new TemporaryDirectory();
        (await Run(runtime, name, ["--rm", "--cidfile", $"{directory.Path}/id"], "true")).Succeeded();
        Assert.NotEmpty(await File.ReadAllTextAsync($"{directory.Path}/id"));
        Assert.Equal(1, (await PodspawnOci.Call(["container", "exists", name])).Status);
        Outcome refused = await Run(runtime, name, ["--cidfile", $"{directory.Path}/id"], "true");
        Assert.Equal(125, refused.Status);
        Assert.Contains("container id file exists. Ensure", refused.Error, StringComparison.Ordinal);
        Assert.Equal(125, (await Run(runtime, name, ["--detach-keys", "ctrl-x"], "true")).Status);
        Assert.Equal(125, (await Run(runtime, name, ["--sig-proxy=false"], "true")).Status);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task In_the_foreground_it_has_an_id_beside_its_name_as_in_the_background(string runtime)
    {
        string name = Detached.NewName();
        using var directory = new TemporaryDirectory();
        using Process launcher = Process.Start(new ProcessStartInfo(Repository.Command,
            ["run", "-i", "--runtime", runtime, "--name", name, "--cidfile", $"{directory.Path}/id", "--rootfs", Repository.Busybox, "--", "sh", "-c", "hostname; read word"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        string host = (await launcher.StandardOutput.ReadLineAsync())!, id = await File.ReadAllTextAsync($"{directory.Path}/id");
        Assert.Matches("^[0-9a-f]{64}$", id);
        Assert.Equal(id[..12], host);
        foreach (string text in new[] { name, id, id[..12] })
        {
            System.Text.Json.JsonElement told = await Detached.Inspect(text);
            Assert.Equal((id, name), (told.GetProperty("Id").GetString(), told.GetProperty("Name").GetString()));
        }
        Assert.Equal([id], (await PodspawnOci.Call(["ps", "-q", "--no-trunc", "--filter", $"name={name}"])).Succeeded().Lines);
        Assert.Equal("here\n", (await PodspawnOci.Call(["exec", id[..12], "echo", "here"])).Succeeded().Text);
        Outcome taken = await PodspawnOci.Call(["create", "--name", name, "--rootfs", Repository.Busybox, "true"]);
        Assert.Equal(125, taken.Status);
        Assert.Contains($"a container named '{name}' is running", taken.Error, StringComparison.Ordinal);
        launcher.StandardInput.Close();
        await launcher.WaitForExitAsync();
        Assert.Equal(1, launcher.ExitCode);
        Assert.False(File.Exists($"/run/podspawn-oci/names/{name}"));
        await Leftovers.AssertNone(id);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_name_goes_to_the_next_only_when_the_next_can_be_launched(string runtime)
    {
        await using Detached first = await Detached.Run(runtime, [], Detached.Idle);
        Outcome refused = await Run(runtime, first.Name, ["-d", "--replace", "--memory", "nonsense"], "true");
        Assert.Equal(125, refused.Status);
        refused = await Run(runtime, first.Name, ["-d", "--replace"], "no-such-command");
        Assert.Equal(127, refused.Status);
        Assert.Equal("running", await first.Status());
        Assert.Equal(125, (await PodspawnOci.Call(["create", "--replace", "--rootfs", Repository.Busybox, "true"])).Status);
        string second = (await Run(runtime, first.Name, ["-d", "--replace"], Detached.Idle)).Succeeded().Lines.Single();
        await Leftovers.AssertNone(first.Id);
        Assert.Equal(second, (await Detached.Inspect(first.Name)).GetProperty("Id").GetString());
        // The beginning of an id is no name.
        string third = (await Run(runtime, second[..12], ["-d", "--replace"], Detached.Idle)).Succeeded().Lines.Single();
        Assert.Equal(0, (await PodspawnOci.Call(["container", "exists", second])).Status);
        (await Run(runtime, first.Name, ["--replace"], "true")).Succeeded();
        Assert.Equal(1, (await PodspawnOci.Call(["container", "exists", second])).Status);
        (await PodspawnOci.Call(["rm", "-f", third])).Succeeded();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_is_not_in_the_root_yet_can_be_created_and_fails_at_its_start(string runtime)
    {
        await using Detached missing = await Detached.Create(runtime, [], "no-such-command");
        Assert.Equal("created", await missing.Status());
        Outcome start = await missing.Try("start");
        Assert.Equal((127, ""), (start.Status, start.Text));
        Assert.Equal("created", await missing.Status());
        await using Detached directory = await Detached.Create(runtime, [], "/etc");
        Assert.Equal(126, (await directory.Try("start")).Status);
        Assert.Equal(126, (await directory.Try("start", "--attach")).Status);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Between_two_runs_it_restarts_and_is_never_created(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, ["--restart", "always"], "sh", "-c", "exit 1");
        var seen = new HashSet<string>();
        int runs = 0;
        for (DateTime end = DateTime.UtcNow.AddSeconds(60); runs < 4 && DateTime.UtcNow < end;)
        {
            System.Text.Json.JsonElement told = await kept.Inspect();
            runs = told.GetProperty("RestartCount").GetInt32();
            seen.Add(told.GetProperty("State").GetProperty("Status").GetString()!);
            Assert.NotEmpty((await PodspawnOci.Call(["ps", "-q", "--filter", $"name={kept.Name}"])).Succeeded().Lines);
        }
        Assert.True(runs >= 4);
        Assert.Subset(new HashSet<string> { "running", "restarting" }, seen);
        Assert.Contains("restarting", seen);
    }

    [Fact]
    public async Task Logs_of_several_containers_say_whose_each_line_is()
    {
        await using Detached one = await Detached.RunShell("crun", [], "echo a; echo b >&2; printf c"), two = await Detached.RunShell("runc", [], "echo d");
        await one.UntilStatus("exited");
        await two.UntilStatus("exited");
        Outcome logs = (await PodspawnOci.Call(["logs", one.Name, two.Id])).Succeeded();
        Assert.Equal([$"{one.Id[..12]} a", $"{one.Id[..12]} c", $"{two.Id[..12]} d"], logs.Lines);
        Assert.Equal($"{one.Id[..12]} b\n", logs.Error);
        logs = (await PodspawnOci.Call(["logs", "--follow", "--names", one.Name, two.Id])).Succeeded();
        Assert.Equal(new[] { $"{one.Name} a", $"{one.Name} c", $"{two.Name} d" }.Order(), logs.Lines.Order());
        Assert.Equal(125, (await PodspawnOci.Call(["logs", one.Name, "stat-nobody"])).Status);
        Assert.Equal("", (await PodspawnOci.Call(["logs", one.Name, "stat-nobody"])).Text);
    }

    [Fact]
    public async Task Lists_are_sorted_sized_and_without_headings_on_request()
    {
        string label = Detached.NewName();
        await using Detached one = await Detached.Create("crun", ["--label", label, "--network", "host"], "zz"), two = await Detached.Create("runc", ["--label", label, "-v", "/etc:/mnt:ro"], "aa");
        async Task<string[]> Listed(params string[] flags) =>
            [.. (await PodspawnOci.Call(["ps", "-a", "--no-trunc", "--noheading", "--filter", $"label={label}", .. flags])).Succeeded().Lines.Select(line => line.Split("  ")[0])];
        Assert.Equal([two.Id, one.Id], await Listed());
        Assert.Equal([one.Id, two.Id], await Listed("--sort", "created"));
        Assert.Equal([two.Id, one.Id], await Listed("--sort", "command"));
        Assert.Equal([one.Id, two.Id], await Listed("--sort=runtime"));
        Assert.Equal([two.Id], await Listed("--filter", "volume=/mnt"));
        Assert.Equal([two.Id], await Listed("--filter", "volume=/etc/"));
        Assert.Equal([one.Id], await Listed("--filter", "network=host"));
        Assert.Equal([one.Id], await Listed("--filter", "label!=nothing", "--filter", $"name={one.Name}"));
        Assert.Contains("(virtual ", (await PodspawnOci.Call(["ps", "-as", "--filter", $"label={label}"])).Succeeded().Text, StringComparison.Ordinal);
        Assert.Equal(125, (await PodspawnOci.Call(["ps", "--sort", "colour"])).Status);
    }

    [Theory]
    [InlineData("info", "runtimes: ")]
    [InlineData("system info", "kernel: ")]
    [InlineData("version", "OCI spec: ")]
    [InlineData("container ls --all", "CONTAINER ID")]
    [InlineData("container list", "CONTAINER ID")]
    [InlineData("image ls", "IMAGE")]
    public async Task Verbs_below_a_noun_are_those_of_the_program(string line, string told) =>
        Assert.Contains(told, (await PodspawnOci.Call(line.Split(' '))).Succeeded().Text, StringComparison.Ordinal);

    [Fact]
    public async Task A_container_that_was_made_below_the_noun_gets_the_same_unit()
    {
        string name = Detached.NewName();
        (await PodspawnOci.Call(["container", "run", "-d", "--name", name, "--cidfile", $"/tmp/{name}", "--rootfs", Repository.Busybox, "sleep", "600"])).Succeeded();
        try
        {
            string unit = (await PodspawnOci.Call(["generate", "systemd", name])).Succeeded().Text;
            Assert.Contains($"run --name {name} --rootfs", unit, StringComparison.Ordinal);
            Assert.DoesNotContain("cidfile", unit, StringComparison.Ordinal);
        }
        finally
        {
            (await PodspawnOci.Call(["container", "rm", "--force", "--cidfile", $"/tmp/{name}"])).Succeeded();
            File.Delete($"/tmp/{name}");
        }
    }

    private static Task<Outcome> Run(string runtime, string name, string[] flags, params string[] command) =>
        PodspawnOci.Call(["run", "--runtime", runtime, "--name", name, .. flags, "--rootfs", Repository.Busybox, "--", .. command]);
}
