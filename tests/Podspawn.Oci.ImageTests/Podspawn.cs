using System.Text;
using CliWrap;

namespace Podspawn.Oci.ImageTests;

/// <summary>Runs the published command on the real runtimes.</summary>
internal static class Podspawn
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>The three runtimes.</summary>
    public static TheoryData<string> Runtimes => ["runc", "crun", "runsc"];

    /// <summary>Any verb.</summary>
    internal static async Task<Outcome> Call(string[] arguments, PipeSource? input = null, string? directory = null)
    {
        using var output = new MemoryStream();
        var error = new StringBuilder();
        using var limit = new CancellationTokenSource(Limit);
        CommandResult result = await Cli.Wrap(Repository.Command).WithArguments(arguments).WithValidation(CommandResultValidation.None)
            .WithWorkingDirectory(directory ?? Path.GetTempPath())
            .WithStandardInputPipe(input ?? PipeSource.Null)
            .WithStandardOutputPipe(PipeTarget.ToStream(output)).WithStandardErrorPipe(PipeTarget.ToStringBuilder(error))
            .ExecuteAsync(limit.Token);
        return new Outcome(result.ExitCode, output.ToArray(), error.ToString());
    }
}
