namespace Podspawn.Oci.RuntimeTests.CommandLine;

/// <summary>What the program says to a command line that it cannot follow: it is said once, and nothing was done.</summary>
public sealed class UsageSpecs
{
    [Theory]
    [InlineData("")]
    [InlineData("generate")]
    public async Task Without_a_verb_it_shows_usage(string line)
    {
        Outcome outcome = await PodspawnOci.Call(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((125, ""), (outcome.Status, outcome.Text));
        Assert.StartsWith("podspawn-oci: the verb is missing", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("Usage:", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(line.Length == 0 ? "doctor" : "systemd", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rnu", "did you mean run?")]
    [InlineData("frobnicate", "see 'podspawn-oci --help'")]
    [InlineData("cp", "SOURCE is missing")]
    [InlineData("rm -fQ x", "rm has no such flag")]
    [InlineData("ps --al", "did you mean --all?")]
    [InlineData("ps x", "one word too many")]
    [InlineData("stop -t soon x", "'soon' is no time")]
    [InlineData("inspect --nothing x", "inspect has no such flag")]
    [InlineData("inspect no-such-container", "no-such-container")]
    [InlineData("logs no-such-container", "no-such-container")]
    [InlineData("exec no-such-container true", "no-such-container")]
    [InlineData("run --pull sometimes --rootfs /nowhere true", "use missing, always or never")]
    [InlineData("run --allow-unenforced pid_limit --rootfs /nowhere true", "did you mean pids_limit?")]
    [InlineData("update --pids-limit many x", "no whole number")]
    [InlineData("run --rootfs /nowhere true", "/nowhere")]
    [InlineData("ps --filter name=a(b", "regular expression")]
    [InlineData("ps --filter name=(?=a)", "regular expression")]
    public async Task An_error_is_said_once(string line, string named)
    {
        Outcome outcome = await PodspawnOci.Call(line.Split(' '));
        Assert.True(outcome.Status is 1 or 125, $"{outcome.Status}: {outcome.Error}");
        string said = Assert.Single(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), text => text.StartsWith("podspawn-oci: ", StringComparison.Ordinal));
        Assert.Contains(named, said, StringComparison.Ordinal);
        Assert.Equal($"{said}\n", outcome.Error);
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("-v")]
    public async Task The_version_names_the_program(string flag) =>
        Assert.Matches(@"^podspawn-oci version [0-9]+\.[0-9]+\.[0-9]+\S*\n$", (await PodspawnOci.Call([flag])).Succeeded().Text);

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_flag_that_a_verb_does_not_have_keeps_all_of_it_from_being_done(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, ["--memory", "256m"], Detached.Idle);
        string before = (await kept.Inspect()).ToString();
        foreach (string[] line in new string[][]
        {
            ["rm", "-fQ", kept.Name], ["rm", "-f", "-Q", kept.Name], ["rm", kept.Name, "-f", "--now"],
            ["update", "--memory", "128m", "--memory-no", "128m", kept.Name], ["update", "--memory", "128m", "--pids-limit", "x", kept.Name],
            ["stop", "-t", "0", kept.Name, "--wiat"], ["kill", kept.Name, "-Z"], ["pause", "--no", kept.Name], ["restart", "-t0", "-Z", kept.Name],
            ["rename", kept.Name, "-Z", "other"],
        })
        {
            Outcome outcome = await PodspawnOci.Call(line);
            Assert.True(outcome.Status == 125 && outcome.Text.Length == 0, $"{string.Join(' ', line)}: {outcome.Status} {outcome.Text} {outcome.Error}");
        }
        Assert.Equal(before, (await kept.Inspect()).ToString());
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_letter_h_names_the_host(string runtime) =>
        Assert.Equal("box\n", (await PodspawnOci.Call(["run", "--runtime", runtime, "-h", "wrong", "-h", "box", "--rootfs", Repository.Busybox, "hostname"])).Succeeded().Text);

    [Fact]
    public async Task A_volume_that_is_both_read_only_and_not_is_refused()
    {
        foreach (string both in new[] { "ro,rw", "rw,ro", "ro,ro,rw" })
        {
            Outcome outcome = await PodspawnOci.Call(["run", "--rootfs", Repository.Busybox, "-v", $"/etc/hostname:/x:{both}", "true"]);
            Assert.Equal(125, outcome.Status);
            Assert.Contains("has both ro and rw", outcome.Error, StringComparison.Ordinal);
        }
    }
}
