using CliWrap;

namespace Podspawn.Oci.TestSupport;

/// <summary>Runs the published command on the real runtimes.</summary>
internal static class PodspawnOci
{
    /// <summary>The three runtimes.</summary>
    public static TheoryData<string> Runtimes => ["runc", "crun", "runsc"];

    /// <summary>The two runtimes whose containers the host's kernel runs.</summary>
    public static TheoryData<string> KernelRuntimes => ["runc", "crun"];

    /// <summary>Calls <c>run</c> on the probe root filesystem.</summary>
    internal static Task<Outcome> Probe(string runtime, string[] flags, params string[] command) =>
        Call(["run", "--runtime", runtime, "--rootfs", Repository.Probe, .. flags, "--", .. command]);

    /// <summary>Calls any verb.</summary>
    internal static Task<Outcome> Call(string[] arguments, PipeSource? input = null, string? directory = null, TimeSpan? limit = null) => Outcome.Of(
        Cli.Wrap(Repository.Command).WithArguments(arguments).WithWorkingDirectory(directory ?? Path.GetTempPath()).WithStandardInputPipe(input ?? PipeSource.Null),
        limit);
}
