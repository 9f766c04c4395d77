namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>A launch tells what its own config loses; what the runtime's nature is, it tells where one asks.</summary>
public sealed class NoteSpecs
{
    private static readonly string[] Nature = ["pids_limit", "masked_paths", "readonly_paths", "cap_drop"];

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_launch_with_the_defaults_says_nothing(string runtime)
    {
        Assert.Equal("", (await Run(runtime)).Error);
        await using Detached kept = await Detached.Create(runtime, [], Detached.Idle);
        foreach (string verb in new[] { "start", "restart", "kill" })
            Assert.Equal("", (await kept.Do(verb)).Error);
        Assert.Equal("", (await PodspawnOci.Call(["spec", "--runtime", runtime])).Succeeded().Error);
    }

    [Fact]
    public async Task Whoever_asks_is_told_the_runtimes_nature()
    {
        foreach (string[] line in new string[][]
        {
            ["--verbose", "run", "--runtime", "runsc", "--rootfs", Repository.Busybox, "true"], ["run", "--verbose", "--runtime", "runsc", "--rootfs", Repository.Busybox, "true"],
            ["spec", "--runtime", "runsc", "--verbose=yes"],
        })
        {
            string told = (await PodspawnOci.Call(line)).Succeeded().Error;
            Assert.All(Nature[..3], key => Assert.Contains($"note: security.{key}: ", told, StringComparison.Ordinal));
        }
        string explained = (await PodspawnOci.Call(["explain", "--runtime", "runsc"])).Succeeded().Text;
        Assert.All(Nature[..3], key => Assert.Contains($"differently: security.{key}: ", explained, StringComparison.Ordinal));
        string examined = (await PodspawnOci.Call(["doctor"])).Succeeded().Text;
        Assert.All(Nature, key => Assert.Contains($"runsc: {key} ", examined, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_is_set_and_enforced_in_another_way_is_told_unless_it_is_to_be_quiet()
    {
        string[] set = ["--pids-limit", "50"];
        string told = Assert.Single((await Run("runsc", set)).Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("podspawn-oci: note: security.pids_limit: gvisor itself allows 50 processes", told, StringComparison.Ordinal);
        Assert.Equal("", (await Run("runsc", [.. set, "-q"])).Error);
        Assert.Equal("", (await Run("runc", set)).Error);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Protection_that_is_given_up_is_told_unless_it_is_to_be_quiet(string runtime)
    {
        string[] open = ["--security-opt", "seccomp=unconfined"];
        Assert.Contains("warning: security.seccomp: unconfined: ", (await Run(runtime, open)).Error, StringComparison.Ordinal);
        Assert.Equal("", (await Run(runtime, [.. open, "--quiet"])).Error);
        await using Detached kept = await Detached.Create(runtime, [.. open, "-q"], Detached.Idle);
    }

    private static async Task<Outcome> Run(string runtime, params string[] flags) =>
        (await PodspawnOci.Call(["run", "--runtime", runtime, "--rootfs", Repository.Busybox, .. flags, "true"])).Succeeded();
}
