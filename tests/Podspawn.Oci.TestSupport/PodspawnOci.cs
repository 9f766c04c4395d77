using System.Text;
using CliWrap;

namespace Podspawn.Oci.RuntimeTests;

/// <summary>Runs the published command on the real runtimes.</summary>
internal static class Podspawn
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The three runtimes.</summary>
    public static TheoryData<string> Runtimes => ["runc", "crun", "runsc"];

    /// <summary>The two whose containers the host's kernel runs.</summary>
    public static TheoryData<string> KernelRuntimes => ["runc", "crun"];

    /// <summary><c>run</c> on the probe root filesystem.</summary>
    internal static Task<Outcome> Probe(string runtime, string[] flags, params string[] command) =>
        Call(["run", "--runtime", runtime, "--rootfs", Repository.Probe, .. flags, "--", .. command]);

    /// <summary>Any verb.</summary>
    internal static async Task<Outcome> Call(string[] arguments, PipeSource? input = null, string? directory = null, TimeSpan? limit = null)
    {
        using var output = new MemoryStream();
        var error = new StringBuilder();
        using var end = new CancellationTokenSource(limit ?? Limit);
        CommandResult result = await Cli.Wrap(Repository.Command).WithArguments(arguments).WithValidation(CommandResultValidation.None)
            .WithWorkingDirectory(directory ?? Path.GetTempPath())
            .WithStandardInputPipe(input ?? PipeSource.Null)
            .WithStandardOutputPipe(PipeTarget.ToStream(output)).WithStandardErrorPipe(PipeTarget.ToStringBuilder(error))
            .ExecuteAsync(end.Token);
        return new Outcome(result.ExitCode, output.ToArray(), error.ToString());
    }
}
