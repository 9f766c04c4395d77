using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Runtimes;

/// <summary>Root runs no program that another user could have put in its place.</summary>
public sealed class TrustSpecs : IDisposable
{
    // Not below /tmp, where every user may write.
    private readonly string directory = $"/run/podspawn-oci-test-{Guid.NewGuid():N}";

    public TrustSpecs()
    {
        Directory.CreateDirectory($"{directory}/theirs", (UnixFileMode)0x1ED);
        Directory.CreateDirectory($"{directory}/ours", (UnixFileMode)0x1ED);
        File.CreateSymbolicLink($"{directory}/theirs/crun", "/usr/bin/crun");
        HostFiles.Own($"{directory}/theirs", 1000, 1000);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("theirs/crun", "theirs")]
    [InlineData("ours/crun", "theirs")]
    public async Task A_file_may_not_name_a_runtime_by_way_of_anothers_directory(string named, string culprit)
    {
        // Root's own link, by way of another user's directory, to a file that is root's again.
        File.CreateSymbolicLink($"{directory}/ours/crun", $"{directory}/theirs/crun");
        File.WriteAllText($"{directory}/config.yaml", $"security:\n  runtime: {directory}/{named}\n");
        Outcome outcome = await PodspawnOci.Call(["run", "--config", $"{directory}/config.yaml", "--rootfs", Repository.Probe, "--", "true"]);
        Assert.Equal(125, outcome.Status);
        Assert.Contains($"config.yaml:2:12: security.runtime: runtime '{directory}/{named}' is not to be trusted: {directory}/{culprit} does not belong to root", outcome.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_may_name_a_runtime_by_way_of_roots_links()
    {
        File.CreateSymbolicLink($"{directory}/ours/real", "/usr/bin/crun");
        File.CreateSymbolicLink($"{directory}/ours/crun", "../ours/real");
        File.WriteAllText($"{directory}/config.yaml", $"security:\n  runtime: {directory}/ours/crun\n");
        (await PodspawnOci.Call(["run", "--config", $"{directory}/config.yaml", "--rootfs", Repository.Probe, "--", "true"])).Succeeded();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task No_program_is_run_from_another_users_directory_in_PATH(string runtime)
    {
        foreach (string program in new[] { runtime, "setsid", "conmon", "cat", "rm", "cp", "ps", "du", "setpriv" })
        {
            File.Delete($"{directory}/theirs/{program}");
            File.WriteAllText($"{directory}/theirs/{program}", $"#!/bin/sh\necho $0 >> {directory}/ran\nexit 1\n");
            File.SetUnixFileMode($"{directory}/theirs/{program}", (UnixFileMode)0x1ED);
        }
        (await Call("run", "--runtime", runtime, "--rootfs", Repository.Probe, "--", "true")).Succeeded();
        string id = (await Call("run", "--detach", "--runtime", runtime, "--rootfs", Repository.Probe, "--", "sleep", "600")).Succeeded().Lines[0];
        (await Call("top", id)).Succeeded();
        (await Call("rm", "--force", id)).Succeeded();
        Assert.False(File.Exists($"{directory}/ran"), "a program of another user's was run");
    }

    [Fact]
    public async Task A_runtime_that_lies_only_in_another_users_directory_is_refused()
    {
        File.WriteAllText($"{directory}/theirs/youki", "#!/bin/sh\n");
        File.SetUnixFileMode($"{directory}/theirs/youki", (UnixFileMode)0x1ED);
        Outcome outcome = await Call("run", "--runtime", "youki", "--rootfs", Repository.Probe, "--", "true");
        Assert.Equal(125, outcome.Status);
        Assert.Contains($"is not to be trusted: {directory}/theirs/youki: {directory}/theirs does not belong to root or may be written by others", outcome.Error,
            StringComparison.Ordinal);
    }

    private Task<Outcome> Call(params string[] arguments) => Outcome.Of(Cli.Wrap(Repository.Command).WithArguments(arguments)
        .WithEnvironmentVariables(variables => variables.Set("PATH", $"{directory}/theirs:{Environment.GetEnvironmentVariable("PATH")}")));
}
