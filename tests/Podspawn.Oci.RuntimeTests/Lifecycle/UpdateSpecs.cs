namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>Changes to the limits and policies of existing containers.</summary>
public sealed class UpdateSpecs
{
    private static readonly string[] Limits = ["--pids-limit", "40", "--memory", "128m", "--cpus", "0.5"];

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task The_cgroup_of_a_running_container_has_the_new_limits_at_once(string runtime)
    {
        await using Detached container = await Detached.Run(runtime, [], Detached.Idle);
        Assert.Equal(container.Name, (await container.Try("update", Limits)).Succeeded().Text.Trim());
        Assert.Equal(("40", "134217728", "268435456", "50000"), InCgroup(container));
        await AssertVerified(container, "pids.max 40", "134217728 bytes", "0.5 processors");
        // A larger limit again: the limit with swap has to rise first, and the one without it to fall first.
        (await container.Try("update", "--memory", "1g")).Succeeded();
        Assert.Equal(("40", "1073741824", "2147483648", "50000"), InCgroup(container));
        await AssertVerified(container);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Limits_can_be_taken_away(string runtime)
    {
        await using Detached container = await Detached.Run(runtime, [], Detached.Idle);
        Outcome outcome = (await container.Try("update", "--pids-limit", "-1", "--memory", "0", "--cpus", "0")).Succeeded();
        Assert.Contains("warning: security.pids_limit: unlimited", outcome.Error, StringComparison.Ordinal);
        (string pids, string memory, string swap, string cpus) = InCgroup(container);
        Assert.Contains(pids, new[] { "max", "4194304" });
        Assert.Equal(("9223372036854771712", "9223372036854771712"), (memory, swap));
        Assert.Contains(cpus, new[] { "-1", "10000000000" });
        await AssertVerified(container);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_stopped_container_has_them_at_its_next_start(string runtime)
    {
        await using Detached container = await Detached.Run(runtime, [], ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1; done"]);
        (await container.Try("stop", "--time", "0")).Succeeded();
        (await container.Try("update", Limits)).Succeeded();
        (await container.Try("start")).Succeeded();
        (string pids, string memory, _, string cpus) = InCgroup(container);
        Assert.Equal(("134217728", "50000"), (memory, cpus));
        if (runtime == "runsc")
        {
            // What gVisor counts cannot be seen from outside.
            Assert.Equal("40", (await container.Try("stats", "--no-stream")).Succeeded().Lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1]);
            (await container.Try("verify", "--only", "memory,cpus")).Succeeded();
            return;
        }
        Assert.Equal("40", pids);
        await AssertVerified(container);
    }

    [Fact]
    public async Task A_runtime_that_cannot_change_a_running_container_says_so_and_changes_nothing()
    {
        await using Detached container = await Detached.Run("runsc", [], Detached.Idle);
        string config = await File.ReadAllTextAsync($"/run/podspawn-oci/containers/{container.Id}/config.json");
        Outcome outcome = await container.Try("update", Limits);
        Assert.Equal((125, ""), (outcome.Status, outcome.Text));
        Assert.Contains("cannot change the limits of a running container; stop it first", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(config, await File.ReadAllTextAsync($"/run/podspawn-oci/containers/{container.Id}/config.json"));
        // The policy is ours to change.
        (await container.Try("update", "--restart", "always")).Succeeded();
    }

    [Theory]
    [InlineData("runc", "unable to set memory limit to 16777216")]
    [InlineData("crun", "Device or resource busy")]
    public async Task What_the_kernel_refuses_leaves_the_limits_as_they_were(string runtime, string reason)
    {
        // Less than is in use, of memory that cannot be freed.
        await using Detached container = await Detached.Run(runtime, ["--tmpfs", "/fill:size=64m"],
            ["sh", "-c", "dd if=/dev/zero of=/fill/x bs=1M count=48 2>/dev/null; echo full; exec sleep 600"]);
        await container.UntilWritten("full");
        (string, string, string, string) before = InCgroup(container);
        Outcome outcome = await container.Try("update", "--memory", "16m", "--pids-limit", "77");
        Assert.Equal(125, outcome.Status);
        Assert.Contains(reason, outcome.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, InCgroup(container));
        await AssertVerified(container);
    }

    [Theory]
    [InlineData(125, "nothing to change")]
    [InlineData(125, "--memory: defaults.memory", "--memory", "1k")]
    [InlineData(125, "--pids-limit: security.pids_limit", "--pids-limit", "-7")]
    [InlineData(125, "--cpus: defaults.cpus", "--cpus", "0.0001")]
    [InlineData(125, "--restart: 'sometimes' is no restart policy", "--restart", "sometimes")]
    public async Task What_no_launch_would_take_is_refused(int status, string complaint, params string[] flags)
    {
        await using Detached container = await Detached.Run("crun", [], Detached.Idle);
        Outcome outcome = await container.Try("update", flags);
        Assert.Equal(status, outcome.Status);
        Assert.Contains(complaint, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_policy_holds_from_the_next_end_on()
    {
        await using Detached container = await Detached.Run("crun", [], ["sh", "-c", "echo started; exec sleep 600"]);
        (await container.Try("update", "--restart", "on-failure:5")).Succeeded();
        int first = await container.Pid();
        Assert.Equal(0, Tmds.Linux.LibC.kill(first, 9));
        await container.Until(told => told.GetProperty("State") is var state && state.GetProperty("Status").GetString() == "running" && state.GetProperty("Pid")
            .GetInt32() != first);
    }

    [Fact]
    public async Task One_that_is_removed_at_its_end_cannot_be_started_again()
    {
        await using Detached container = await Detached.Run("crun", ["--rm"], Detached.Idle);
        Outcome outcome = await container.Try("update", "--restart", "always");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("is removed at its end", outcome.Error, StringComparison.Ordinal);
    }

    private static async Task AssertVerified(Detached container, params string[] seen)
    {
        Outcome outcome = (await container.Try("verify", "--only", "pids_limit,memory,cpus")).Succeeded();
        Assert.All(seen, text => Assert.Contains(text, outcome.Text, StringComparison.Ordinal));
    }

    private static (string Pids, string Memory, string Swap, string Cpus) InCgroup(Detached container) =>
    (
        File.ReadAllText($"{container.Cgroup("pids")}/pids.max").Trim(),
        File.ReadAllText($"{container.Cgroup("memory")}/memory.limit_in_bytes").Trim(),
        File.ReadAllText($"{container.Cgroup("memory")}/memory.memsw.limit_in_bytes").Trim(),
        File.ReadAllText($"{container.Cgroup("cpu")}/cpu.cfs_quota_us").Trim());
}
