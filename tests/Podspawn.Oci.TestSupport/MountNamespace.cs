using System.Diagnostics;
using CliWrap;

namespace Podspawn.Oci.TestSupport;

/// <summary>A separate mount namespace, in which a test sets up a host that differs from this one.</summary>
internal sealed class MountNamespace : IAsyncDisposable
{
    private readonly Process holder;

    private MountNamespace(Process holder) => this.holder = holder;

    /// <summary>The path of its root on the host.</summary>
    internal string Root => $"/proc/{holder.Id}/root";

    internal static async Task<MountNamespace> Enter()
    {
        // The holder's standard input ends with the tests, however they end: then the holder ends, and the namespace with it.
        Process holder = Process.Start(new ProcessStartInfo("unshare", ["--mount", "--propagation", "private", "--", "sh", "-c", "echo ready && exec cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", await holder.StandardOutput.ReadLineAsync());
        return new MountNamespace(holder);
    }

    /// <summary>Runs a program in it.</summary>
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
