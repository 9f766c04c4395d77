using System.Diagnostics;
using CliWrap;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.TestSupport;

/// <summary>A mount namespace of its own, in which a test arranges a host that is not as this one.</summary>
internal sealed class MountNamespace : IAsyncDisposable
{
    private readonly Process holder;

    private MountNamespace(Process holder) => this.holder = holder;

    /// <summary>The host's root as it is seen in there.</summary>
    internal string Root => $"/proc/{holder.Id}/root";

    internal static async Task<MountNamespace> Enter()
    {
        // Its standard input ends with the tests, however they end: so does it, and the namespace with it.
        Process holder = Process.Start(new ProcessStartInfo("unshare", ["--mount", "--propagation", "private", "--", "sh", "-c", "echo ready && exec cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", await holder.StandardOutput.ReadLineAsync());
        return new MountNamespace(holder);
    }

    /// <summary>Runs a program in there.</summary>
    internal Task<Outcome> Run(params IEnumerable<string> command) =>
        Outcome.Of(Cli.Wrap("nsenter").WithArguments([$"--mount=/proc/{holder.Id}/ns/mnt", "--", .. command]));

    /// <summary>The namespace goes with its last process.</summary>
    public async ValueTask DisposeAsync()
    {
        holder.StandardInput.Close();
        await holder.WaitForExitAsync();
        holder.Dispose();
    }
}
