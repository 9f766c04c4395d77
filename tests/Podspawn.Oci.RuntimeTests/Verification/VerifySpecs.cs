using System.Diagnostics;
using System.Text.Json;
using Podspawn.Oci.Verification.Findings;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.RuntimeTests.Verification;

/// <summary><c>verify</c> with a probe: sound containers hold, bad input is refused, and nothing is left behind or touched.</summary>
public sealed class VerifySpecs
{
    // Known of gVisor; explain says so too.
    private const string OpenPorts = "privileged_calls: bind works, although NET_BIND_SERVICE is not granted";
    private const int Stop = 19;
    private const string Hang = "process['args'] = ['/bin/sleep', '300']";

    /// <summary>Every runtime with every config and every way of launching.</summary>
    public static TheoryData<string, string, string> Combinations
    {
        get
        {
            var combinations = new TheoryData<string, string, string>();
            foreach (string runtime in new[] { "runc", "crun", "runsc" })
            {
                foreach (string config in new[] { "default", "locked-down", "wide-open" })
                {
                    foreach (string way in new[] { "empty", "busybox", "debian", "probe", "user", "host network" })
                        combinations.Add(runtime, config, way);
                }
            }
            return combinations;
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task What_is_asked_for_holds(string runtime, string config, string way)
    {
        string[] flags = way switch
        {
            "busybox" => ["--rootfs", Repository.Busybox],
            "debian" => ["--rootfs", Repository.Debian],
            "probe" => ["--rootfs", Repository.Probe],
            "user" => ["-u", "1000"],
            "host network" => ["--network", "host"],
            _ => [],
        };
        (_, VerificationReport report) = await VerifyRun.Of(["--runtime", runtime, "--config", VerifyRun.Config(config), .. flags]);
        // On the host's network the host checks the capability.
        bool open = runtime == "runsc" && way != "host network" && (config == "locked-down" || way == "user");
        Assert.Equal(open ? [OpenPorts] : [], report.Shortfalls());
        Assert.Equal(FindingNames.All, report.Findings.Select(finding => finding.Name));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_json_has_its_version_and_the_findings_in_order(string runtime)
    {
        Outcome outcome = (await PodspawnOci.Call(["verify", "--runtime", runtime, "--only", "memory,seccomp", "--only", "capabilities", "--format", "json"])).Succeeded();
        using JsonDocument json = JsonDocument.Parse(outcome.Text);
        Assert.Equal(2, json.RootElement.GetProperty("version").GetInt32());
        Assert.Equal(runtime, json.RootElement.GetProperty("runtime").GetString());
        Assert.Equal("probe", json.RootElement.GetProperty("looked").GetString());
        Assert.Equal(["capabilities", "seccomp", "memory"], json.RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task The_table_says_what_falls_short_and_the_exit_status_is_1()
    {
        using var saboteur = new Saboteur("runc", "limits['cpu']['quota'] *= 2");
        Outcome outcome = await PodspawnOci.Call(["verify", "--runtime", saboteur.Program, "--only", "cpus,memory"]);
        Assert.Equal(1, outcome.Status);
        Assert.Contains("FALLS SHORT", Assert.Single(outcome.Lines, line => line.StartsWith("cpus ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.StartsWith("1 of 2 fall short", outcome.Lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("did you mean tmpfs?", "--only", "tmpsf")]
    [InlineData("there is no finding 'everything'; there are capabilities, privileged_calls,", "--only", "everything")]
    [InlineData("there is no attack 'user_id' on pids_limit; did you mean user_ids?", "--only", "pids_limit/user_id")]
    [InlineData("--time-limit: '0' is no time; write 1 to 3600 seconds", "--time-limit", "0")]
    [InlineData("--time-limit: 'soon' is no time; write 1 to 3600 seconds", "--time-limit", "soon")]
    [InlineData("--rootfs-writable: verify has no such flag", "--rootfs-writable")]
    [InlineData("no container named 'nobody' is running; give the name of one that 'run --name' launched", "nobody")]
    public async Task Bad_input_is_refused(string message, params string[] arguments)
    {
        Outcome outcome = await PodspawnOci.Call(["verify", .. arguments]);
        Assert.Equal(125, outcome.Status);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.Equal("", outcome.Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_probe_that_hangs_is_ended_at_its_time_limit(string runtime)
    {
        using var saboteur = new Saboteur(runtime, Hang);
        var watch = Stopwatch.StartNew();
        (_, VerificationReport report) = await VerifyRun.Of(
            "--runtime", saboteur.Program, "--rootfs", Repository.Probe, "--time-limit", "1", "--only", "tmpfs,runtime");
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        Assert.Equal(["runtime: the kernel's name was not to be seen: the probe did not come to its end within 1 s"], report.Shortfalls());
        Assert.Equal(saboteur.ContainerId![..12], report.Container);
        await Leftovers.AssertNone(saboteur.ContainerId);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_verification_that_was_killed_leaves_nothing_after_the_next_command(string runtime)
    {
        using var saboteur = new Saboteur(runtime, Hang);
        for (int delay = 0; saboteur.ContainerId is null || delay <= 240; delay += 40)
        {
            Assert.True(delay < 10_000, "every shot came before the runtime was called");
            using Process launcher = Process.Start(new ProcessStartInfo(
                Repository.Command, ["verify", "--runtime", saboteur.Program, "--rootfs", Repository.Probe])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            await Task.Delay(delay);
            // The launcher is stopped while its objects are listed.
            Assert.Equal(0, Tmds.Linux.LibC.kill(launcher.Id, Stop));
            string? container = Leftovers.ContainerOf(launcher);
            launcher.Kill();
            await launcher.WaitForExitAsync();
            (await PodspawnOci.Call(["doctor"])).Succeeded();
            if (container is not null)
                await Leftovers.AssertNone(container);
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_root_filesystem_stays_as_it_was(string runtime)
    {
        string before = TreeFingerprint.Of(Repository.Probe);
        foreach (string config in new[] { "locked-down", "wide-open" })
        {
            (_, VerificationReport report) = await VerifyRun.Of(
                "--runtime", runtime, "--config", VerifyRun.Config(config), "--rootfs", Repository.Probe, "--tmpfs", "/home:size=1m");
            await Leftovers.AssertNone(report.Container);
        }
        Assert.Equal(before, TreeFingerprint.Of(Repository.Probe));
    }

    [Theory]
    [InlineData("runc", true)]
    [InlineData("runc", false)]
    [InlineData("crun", true)]
    [InlineData("crun", false)]
    [InlineData("runsc", true)]
    [InlineData("runsc", false)]
    public async Task What_lies_in_the_probes_way_is_refused_and_not_followed(string runtime, bool link)
    {
        string root = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;
        using var marked = new Saboteur(runtime, "pass");
        try
        {
            Directory.CreateDirectory($"{root}/etc");
            if (link)
                File.CreateSymbolicLink($"{root}/.podspawn-oci-probe", "/etc");
            else
                File.WriteAllText($"{root}/.podspawn-oci-probe", "in the way");
            string before = TreeFingerprint.Of(root);
            Outcome outcome = await PodspawnOci.Call(["verify", "--runtime", marked.Program, "--rootfs", root]);
            Assert.Equal(125, outcome.Status);
            Assert.Contains("/.podspawn-oci-probe that is no directory", outcome.Error, StringComparison.Ordinal);
            Assert.Equal(before, TreeFingerprint.Of(root));
            Assert.False(File.Exists("/etc/probe"));
            Assert.Empty(Leftovers.Under(marked.Program));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
