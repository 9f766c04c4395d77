using System.Text;
using CliWrap;

namespace Podspawn.Oci.TestSupport;

/// <summary>The exit status and the output of a command.</summary>
internal sealed record Outcome(int Status, byte[] Output, string Error)
{
    /// <summary>Runs a command to its end, whatever its status.</summary>
    /// <param name="command">The command; its output is redirected here.</param>
    /// <param name="limit">The time after which it is killed and the test fails; null for five minutes.</param>
    internal static async Task<Outcome> Of(Command command, TimeSpan? limit = null)
    {
        using var output = new MemoryStream();
        var error = new StringBuilder();
        using var end = new CancellationTokenSource(limit ?? TimeSpan.FromMinutes(5));
        CommandResult result = await command.WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.ToStream(output)).WithStandardErrorPipe(PipeTarget.ToStringBuilder(error)).ExecuteAsync(end.Token)
            // Tool waits for it on a thread of xunit's, of which there are few.
            .ConfigureAwait(false);
        return new Outcome(result.ExitCode, output.ToArray(), error.ToString());
    }

    internal string Text => Encoding.UTF8.GetString(Output);

    internal string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The outcome, once the run is known to have ended with this status.</summary>
    internal Outcome EndedWith(int status)
    {
        Assert.True(Status == status, $"exit status {Status}, not {status}\n{Error}\n{Text}");
        return this;
    }

    /// <summary>Standard output, once the run is known to have succeeded.</summary>
    internal Outcome Succeeded()
    {
        Assert.True(Status == 0, $"exit status {Status}\n{Error}\n{Text}");
        return this;
    }
}
