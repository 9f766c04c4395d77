namespace Podspawn.Oci.RuntimeTests.Seccomp;

/// <summary>The seccomp filter where gVisor's Sentry applies it, and what depends on it.</summary>
public sealed class SentryFilterSpecs
{
    private static readonly string[] OnDebian = ["--rootfs", Repository.Debian, "--volume", $"{Repository.Probe}/probe:/probe:ro"];

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_process_cannot_leave_its_limit_by_a_user_namespace(string runtime)
    {
        Outcome outcome = await PodspawnOci.Call(["run", "--runtime", runtime, "--pids-limit", "32", .. OnDebian, "--", "unshare", "-Ur", "/probe/forks", "100"]);
        Assert.NotEqual(0, outcome.Status);
        Assert.Contains("Operation not permitted", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("created", outcome.Text, StringComparison.Ordinal);
    }

    // Under the kernel the limit counts all of them; under gVisor each user id separately, which a note says. The lock lets them begin when the shell, which
    // is among those that are counted, has started them all.
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Each_user_id_is_held_to_the_limit(string runtime)
    {
        Outcome outcome = (await PodspawnOci.Call(["run", "--runtime", runtime, "--pids-limit", "32", .. OnDebian, "--", "sh", "-c",
            "exec 9>/lock; flock 9; for u in 1 2 3 4 5; do flock -sF /lock setpriv --reuid $u /probe/forks 40 9>&- & done; flock -u 9; wait; true"])).Succeeded();
        int[] created = [.. outcome.Lines.Where(line => line.StartsWith("created ", StringComparison.Ordinal)).Select(line => int.Parse(line[8..]))];
        Assert.NotEmpty(created);
        // Under the kernel the shell and the forking processes are among them.
        Assert.All(created, count => Assert.InRange(count, 0, runtime == "runsc" ? 32 : 30));
        Assert.Equal(runtime == "runsc", outcome.Error.Contains("each user id", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_mode_of_the_process_is_that_of_a_filter()
    {
        Outcome outcome = (await PodspawnOci.Probe("runsc", [], "grep", "^Seccomp:", "/proc/self/status")).Succeeded();
        Assert.Equal("Seccomp:\t2\n", outcome.Text);
        Assert.Equal("Seccomp:\t0\n", (await PodspawnOci.Probe("runsc", ["--security-opt", "seccomp=unconfined"], "grep", "^Seccomp:", "/proc/self/status")).Succeeded().Text);
    }

    // The installed release filters only the container's own processes, which a note of the launch says.
    [Fact]
    public async Task What_exec_brings_in_is_filtered_only_where_the_release_does_it()
    {
        await using Detached kept = await Detached.Waiting("runsc");
        Assert.Equal("Seccomp:\t2\n", (await kept.Exec([], "grep", "^Seccomp:", "/proc/1/status")).Succeeded().Text);
        Assert.Equal("Seccomp:\t0\n", (await kept.Exec([], "grep", "^Seccomp:", "/proc/self/status")).Succeeded().Text);
        Outcome told = await PodspawnOci.Probe("runsc", [], "true");
        Assert.Contains("does not filter a process that exec brings in", told.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unconfined_says_what_it_opens()
    {
        Outcome outcome = (await PodspawnOci.Call(["run", "--runtime", "runsc", "--security-opt", "seccomp=unconfined", .. OnDebian, "--", "unshare", "-Ur", "true"])).Succeeded();
        Assert.Contains("new user namespaces", outcome.Error, StringComparison.Ordinal);
    }

    // A profile of the user's, with values beyond 2^53 and a condition on an argument.
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_profile_of_ones_own_is_applied(string runtime)
    {
        string profile = Path.GetTempFileName();
        await File.WriteAllTextAsync(profile, """
            {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
              {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1},
              {"names": ["kill"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1, "args": [{"index": 1, "value": 18446744073709551615, "valueTwo": 10, "op": "SCMP_CMP_MASKED_EQ"}]}
            ]}
            """);
        try
        {
            Outcome outcome = (await PodspawnOci.Call(["run", "--runtime", runtime, "--security-opt", $"seccomp={profile}", .. OnDebian, "--", "sh", "-c",
                "mkdir /tmp/d 2>/dev/null || echo refused; kill -10 $$ 2>/dev/null || echo refused; kill -0 $$ && echo allowed"])).Succeeded();
            Assert.Equal(["refused", "refused", "allowed"], outcome.Lines);
        }
        finally
        {
            File.Delete(profile);
        }
    }
}
