namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>The processes of containers.</summary>
public sealed class TopSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Dockers_columns_show_the_processes_of_the_container_and_no_others(string runtime)
    {
        await using Detached container = await Detached.Run(runtime, [], ["sh", "-c", "sleep 601 & exec sleep 602"]);
        string[][] rows = Rows(await container.Try("top"));
        Assert.Equal(["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"], rows[0]);
        Assert.Equal(["sleep 601", "sleep 602"], rows.Skip(1).Select(row => string.Join(' ', row[7..])).Order());
        Assert.All(rows.Skip(1), row => Assert.Contains(container.Id, File.ReadAllText($"/proc/{row[1]}/cgroup"), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task The_options_of_ps_choose_the_columns(string runtime)
    {
        await using Detached container = await Detached.Run(runtime, [], Detached.Idle);
        Assert.Equal(["PID", "COMMAND"], Rows(await Top(container, "-eo", "pid,comm"))[0]);
        Assert.Equal(["USER", "PID", "%CPU"], Rows(await Top(container, "aux"))[0][..3]);
        Assert.Equal(3, Rows(await Top(container, "aux")).Length);
        Outcome outcome = await Top(container, "-eo", "comm");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("Couldn't find PID field in ps output", outcome.Error, StringComparison.Ordinal);
        outcome = await Top(container, "-o", "no-such-column");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("no-such-column", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_gvisor_its_own_list_is_shown_and_the_options_of_ps_are_refused()
    {
        await using Detached container = await Detached.Run("runsc", [], Detached.Idle);
        string[][] rows = Rows(await container.Try("top"));
        Assert.Equal(["UID", "PID", "PPID"], rows[0][..3]);
        Assert.Equal(["1", "2"], rows.Skip(1).Select(row => row[1]).Order());
        Outcome outcome = await Top(container, "aux");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("leave its options away", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_paused_container_is_listed_and_a_stopped_one_is_not(string runtime)
    {
        await using Detached container = await Detached.Run(runtime, [], Detached.Idle);
        (await container.Try("pause")).Succeeded();
        Assert.Equal(3, Rows(await container.Try("top")).Length);
        (await container.Try("unpause")).Succeeded();
        (await container.Try("stop", "--time", "0")).Succeeded();
        Outcome outcome = await container.Try("top");
        Assert.Equal((125, ""), (outcome.Status, outcome.Text));
        Assert.Contains("is not running", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_process_calls_itself_cannot_move_the_cursor()
    {
        await using Detached container = await Detached.Run("crun", [], ["sh", "-c", "n=$(printf '/busybox\\033[2J\\ny'); cp /bin/busybox \"$n\"; exec \"$n\" sleep 600"]);
        Outcome outcome = (await container.Try("top")).Succeeded();
        Assert.DoesNotContain('\u001b', outcome.Text);
        Assert.Equal(2, outcome.Lines.Length);
    }

    private static Task<Outcome> Top(Detached container, params string[] options) => PodspawnOci.Call(["top", container.Name, .. options]);

    private static string[][] Rows(Outcome outcome) => [.. outcome.Succeeded().Lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
}
