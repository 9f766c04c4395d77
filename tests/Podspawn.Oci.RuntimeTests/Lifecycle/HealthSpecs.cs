using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>Healthchecks on the real runtimes: the check runs inside, as exec does.</summary>
public sealed class HealthSpecs
{
    private static readonly string[] ByHand = ["--health-interval", "disable", "--health-retries", "2"];

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_is_healthy_or_not_and_every_verb_says_so(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, [.. ByHand, "--health-cmd", "echo looked; test -e /tmp/well"], "sleep", "600");
        Assert.Equal("starting", await Health(kept));
        Assert.Contains("(starting)", (await Ps(kept)).Text, StringComparison.Ordinal);
        await kept.Exec([], "touch", "/tmp/well");
        Assert.Equal((0, ""), Told(await kept.Call("healthcheck", "run", "{}")));
        Assert.Equal("healthy", await Health(kept));
        Assert.Contains("(healthy)", (await Ps(kept)).Text, StringComparison.Ordinal);
        Assert.Contains(kept.Id, (await Ps(kept, "--filter", "health=healthy", "--quiet", "--no-trunc")).Lines);
        await kept.Exec([], "rm", "/tmp/well");
        Assert.Equal((1, "unhealthy"), Told(await kept.Call("healthcheck", "run", "{}")));
        Assert.Equal("healthy", await Health(kept));
        Assert.Equal((1, "unhealthy"), Told(await kept.Call("healthcheck", "run", "{}")));
        Assert.Equal("unhealthy", await Health(kept));
        JsonElement last = (await kept.State()).GetProperty("Health").GetProperty("Log").EnumerateArray().Last();
        Assert.Equal((1, "looked\n"), (last.GetProperty("ExitCode").GetInt32(), last.GetProperty("Output").GetString()));
        // Another run has a health of its own.
        await kept.Do("restart", "--time", "0");
        Assert.Equal("starting", await Health(kept));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_a_check_writes_is_cut_and_cleaned_and_one_that_does_not_end_is_killed(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, [.. ByHand, "--health-timeout", "2s", "--health-cmd", "if test -e /tmp/long; then trap '' TERM; exec sleep 500; fi; printf '\\033[2J'; yes"],
            "sleep", "600");
        Assert.Equal(1, (await kept.Call("healthcheck", "run", "{}")).Status);
        JsonElement flood = (await kept.State()).GetProperty("Health").GetProperty("Log").EnumerateArray().Last();
        Assert.Equal(-1, flood.GetProperty("ExitCode").GetInt32());
        await kept.Exec([], "touch", "/tmp/long");
        Assert.Equal(1, (await kept.Call("healthcheck", "run", "{}")).Status);
        JsonElement late = (await kept.State()).GetProperty("Health").GetProperty("Log").EnumerateArray().Last();
        Assert.Equal(-1, late.GetProperty("ExitCode").GetInt32());
        Assert.Contains("not done after 2 s", late.GetProperty("Output").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sleep 500", (await kept.Do("top")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_output_is_five_hundred_bytes_of_visible_text()
    {
        await using Detached kept = await Detached.Run("crun", [.. ByHand, "--health-cmd", "printf '\\033[2J'; head -c 100000 /dev/zero | tr '\\0' x"], "sleep", "600");
        for (int turn = 0; turn < 7; turn++)
            (await kept.Call("healthcheck", "run", "{}")).Succeeded();
        JsonElement[] log = [.. (await kept.State()).GetProperty("Health").GetProperty("Log").EnumerateArray()];
        Assert.Equal(5, log.Length);
        string output = log[^1].GetProperty("Output").GetString()!;
        Assert.StartsWith("\\u001b[2Jxxx", output, StringComparison.Ordinal);
        Assert.InRange(output.Length, 490, 520);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_check_has_the_hardening_of_the_container(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, [.. ByHand, "-u", "1234:1234", "--cap-drop", "ALL", "--health-cmd", """["grep", "-E", "^(Uid|CapBnd)", "/proc/self/status"]"""],
            "sleep", "600");
        (await kept.Call("healthcheck", "run", "{}")).Succeeded();
        string output = (await kept.State()).GetProperty("Health").GetProperty("Log")[0].GetProperty("Output").GetString()!;
        Assert.Contains("1234", output, StringComparison.Ordinal);
        Assert.Contains("CapBnd:\\u00090000000000000000", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_launch_tells_once_that_nobody_asks_by_itself_and_a_quiet_one_does_not()
    {
        Assert.False(Directory.Exists("/run/systemd/system"), "on a host of systemd's the note is another");
        const string Note = "note: healthcheck: this host was not booted by systemd, and nothing checks by itself";
        string[] run = ["run", "--rootfs", Repository.Busybox, "--runtime", "crun"];
        Outcome told = (await PodspawnOci.Call([.. run, "--health-cmd", "true", "true"])).Succeeded();
        Assert.Equal(1, told.Error.Split(Note).Length - 1);
        Assert.DoesNotContain(Note, (await PodspawnOci.Call([.. run, "--quiet", "--health-cmd", "true", "true"])).Succeeded().Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Note, (await PodspawnOci.Call([.. run, .. ByHand, "--health-cmd", "true", "true"])).Succeeded().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_without_a_check_or_that_does_not_run_says_so()
    {
        await using Detached without = await Detached.Run("crun", [], "sleep", "600");
        Assert.Equal(125, (await without.Call("healthcheck", "run", "{}")).Status);
        await using Detached ended = await Detached.Create("crun", [.. ByHand, "--health-cmd", "true"], "true");
        Assert.Equal(125, (await ended.Call("healthcheck", "run", "{}")).Status);
        await using Detached missing = await Detached.Run("crun", [.. ByHand, "--health-cmd", """["/no/such"]"""], "sleep", "600");
        Assert.Equal(1, (await missing.Call("healthcheck", "run", "{}")).Status);
        Assert.Equal(127, (await missing.State()).GetProperty("Health").GetProperty("Log")[0].GetProperty("ExitCode").GetInt32());
    }

    private static Task<Outcome> Ps(Detached kept, params string[] flags) => PodspawnOci.Call(["ps", "--all", "--filter", $"id={kept.Id}", .. flags]);

    private static async Task<string> Health(Detached kept) => (await kept.State()).GetProperty("Health").GetProperty("Status").GetString()!;

    private static (int, string) Told(Outcome outcome) => (outcome.Status, outcome.Text.Trim());
}
