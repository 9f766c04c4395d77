namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>Small habits of docker and podman users that verbs meet, on every runtime.</summary>
public sealed class DockerHabitSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Waiting_for_a_container_that_was_never_started_returns(string runtime)
    {
        await using Detached kept = await Detached.Create(runtime, [], "sh", "-c", "exit 5");
        Assert.Equal(["0"], (await PodspawnOci.Call(["wait", kept.Name], limit: TimeSpan.FromSeconds(30))).Succeeded().Lines);
        await kept.Do("start");
        Assert.Equal(["5"], (await kept.Do("wait")).Lines);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_name_that_the_caller_does_not_have_takes_the_containers_variable_away(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, ["-e", "PODSPAWN_A=1", "-e", "PODSPAWN_B=2"], Detached.Idle);
        string[] left = (await kept.Exec(["-e", "PODSPAWN_A", "-e", "PODSPAWN_C"], "env")).Succeeded().Lines;
        Assert.DoesNotContain(left, line => line.StartsWith("PODSPAWN_A", StringComparison.Ordinal) || line.StartsWith("PODSPAWN_C", StringComparison.Ordinal));
        Assert.Contains("PODSPAWN_B=2", left);
    }

    [Fact]
    public async Task The_filter_on_names_is_a_regular_expression()
    {
        await using Detached one = await Detached.Create("crun", [], "true");
        await using Detached two = await Detached.Create("crun", [], "true");
        async Task<string[]> Listed(params string[] filters) =>
            [.. (await PodspawnOci.Call(["ps", "-a", "-q", "--no-trunc", .. filters.SelectMany(filter => new[] { "--filter", filter })])).Succeeded().Lines.Where(id => id == one.Id || id == two.Id).Order()];
        string[] both = [.. new[] { one.Id, two.Id }.Order()];
        Assert.Equal([one.Id], await Listed($"name=^{one.Name}$"));
        Assert.Equal([one.Id], await Listed($"name=^/{one.Name}$"));
        Assert.Equal([one.Id], await Listed($"name={one.Name[1..]}"));
        Assert.Empty(await Listed($"name=^{one.Name[1..]}"));
        Assert.Equal(both, await Listed($"name=^({one.Name}|{two.Name})$"));
        Assert.Equal(both, await Listed($"name={one.Name}", $"name={two.Name}"));
        Assert.Equal(both, await Listed("name=^t[0-9a-f]{19}$"));
    }

    [Theory]
    [InlineData("((((a{1,99}){1,99}){1,99}){1,99}){1,99}$")]
    [InlineData("^(t|t[0-9a-f]?)*(.*.*)*!$")]
    [InlineData("(.*){1,999}(.*){1,999}=")]
    public async Task An_expression_that_grows_costs_no_time(string pattern)
    {
        await using Detached kept = await Detached.Create("crun", [], "true");
        Outcome outcome = await PodspawnOci.Call(["ps", "-a", "-q", "--filter", $"name={pattern}"], limit: TimeSpan.FromSeconds(30));
        Assert.True(outcome is { Status: 0, Text: "" } || outcome.Status == 125, $"{outcome.Status}: {outcome.Text} {outcome.Error}");
    }

    [Theory]
    [InlineData("events --stream=false --since 2300-01-01", "")]
    [InlineData("events --stream=false --since 9999-12-31T23:59:59Z", "")]
    [InlineData("events --stream=false --since 20000000h --until 20000000h", null)]
    [InlineData("ps -a --filter until=9000000h", null)]
    public async Task A_time_that_is_far_away_stays_where_it_is(string line, string? output)
    {
        await using Detached kept = await Detached.Create("crun", [], "true");
        Outcome outcome = (await PodspawnOci.Call(line.Split(' '))).Succeeded();
        Assert.Equal("", outcome.Error);
        if (output is not null)
            Assert.Equal(output, outcome.Text);
    }

    [Fact]
    public async Task Logs_until_a_time_far_away_are_all_and_since_then_none()
    {
        await using Detached kept = await Detached.RunShell("crun", [], "echo out");
        await kept.Do("wait");
        foreach (string far in new[] { "2262-04-12", "2263-01-01T00:00:00Z", "9999-12-31", "99999999999" })
        {
            Assert.Equal("out\n", (await kept.Do("logs", "--until", far)).Text);
            Assert.Equal("", (await kept.Do("logs", "--since", far)).Text);
        }
        foreach (string far in new[] { "0001-01-02", "1600-01-01T00:00:00Z", "20000000h" })
        {
            Assert.Equal("out\n", (await kept.Do("logs", "--since", far)).Text);
            Assert.Equal("", (await kept.Do("logs", "--until", far)).Text);
        }
    }

    [Fact]
    public async Task Removing_an_image_that_is_not_there_fails_unless_forced()
    {
        Outcome outcome = await PodspawnOci.Call(["rmi", "nosuch"]);
        Assert.Equal((1, ""), (outcome.Status, outcome.Text));
        Assert.Contains("nosuch: image not known", outcome.Error, StringComparison.Ordinal);
        outcome = await PodspawnOci.Call(["rmi", "-f", "nosuch", "nosuch:2"]);
        Assert.Equal((0, "", ""), (outcome.Status, outcome.Text, outcome.Error));
        Assert.Equal(1, (await PodspawnOci.Call(["rmi", "-f=no", "nosuch"])).Status);
    }
}
