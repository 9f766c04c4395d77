using System.Text;
using CliWrap;

namespace Podspawn.Oci.ImageTests.Crafting;

/// <summary>A mount namespace of its own, in which a test arranges a host that is not as this one.</summary>
internal sealed class MountNamespace : IAsyncDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly CommandTask<CommandResult> holder;

    private MountNamespace() => holder = Cli.Wrap("unshare").WithArguments(["--mount", "--propagation", "private", "--", "sleep", "infinity"])
        .WithValidation(CommandResultValidation.None).ExecuteAsync(end.Token);

    /// <summary>The host's root as it is seen in there.</summary>
    internal string Root => $"/proc/{holder.ProcessId}/root";

    internal static async Task<MountNamespace> Enter()
    {
        var made = new MountNamespace();
        // It is there once unshare(1) has become sleep(1).
        for (DateTime deadline = DateTime.UtcNow.AddSeconds(10); await File.ReadAllTextAsync($"/proc/{made.holder.ProcessId}/comm") != "sleep\n";)
        {
            Assert.True(DateTime.UtcNow < deadline, "unshare(1) makes no mount namespace");
            await Task.Delay(10);
        }
        return made;
    }

    /// <summary>Runs a program in there.</summary>
    internal async Task<Outcome> Run(params IEnumerable<string> command)
    {
        using var output = new MemoryStream();
        var error = new StringBuilder();
        CommandResult result = await Cli.Wrap("nsenter").WithArguments([$"--mount=/proc/{holder.ProcessId}/ns/mnt", "--", .. command])
            .WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.ToStream(output)).WithStandardErrorPipe(PipeTarget.ToStringBuilder(error)).ExecuteAsync();
        return new Outcome(result.ExitCode, output.ToArray(), error.ToString());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => holder.Task);
        end.Dispose();
    }
}
