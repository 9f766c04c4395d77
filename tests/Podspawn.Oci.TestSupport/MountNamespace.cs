using System.Diagnostics;
using CliWrap;

namespace Podspawn.Oci.TestSupport;

/// <summary>A separate mount namespace, in which a test sets up a host that differs from this one.</summary>
internal sealed class MountNamespace : IAsyncDisposable
{
    private readonly Process holder;

    private readonly bool ownNetwork;

    private MountNamespace(Process holder, bool ownNetwork) => (this.holder, this.ownNetwork) = (holder, ownNetwork);

    /// <summary>The arguments of nsenter(1) that lead into it.</summary>
    internal string[] Entry => [$"--mount=/proc/{holder.Id}/ns/mnt", .. ownNetwork ? (string[])[$"--net=/proc/{holder.Id}/ns/net"] : [], "--"];

    /// <summary>The path of its root on the host.</summary>
    internal string Root => $"/proc/{holder.Id}/root";

    /// <param name="ownNetwork">Whether it has a network namespace of its own too, in which there is nothing but a loopback device that is up.</param>
    internal static async Task<MountNamespace> Enter(bool ownNetwork = false)
    {
        string[] network = ownNetwork ? ["--net"] : [];
        string start = ownNetwork ? "ip link set lo up && " : "";
        // The holder's standard input ends with the tests, however they end: then the holder ends, and the namespace with it.
        Process holder = Process.Start(new ProcessStartInfo("unshare", ["--mount", .. network, "--propagation", "private", "--", "sh", "-c", $"{start}echo ready && exec cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", await holder.StandardOutput.ReadLineAsync());
        return new MountNamespace(holder, ownNetwork);
    }

    /// <summary>Runs a program in it.</summary>
    internal Task<Outcome> Run(params IEnumerable<string> command) =>
        Outcome.Of(Cli.Wrap("nsenter").WithArguments([.. Entry, .. command]));

    /// <summary>The namespace goes with its last process.</summary>
    public async ValueTask DisposeAsync()
    {
        holder.StandardInput.Close();
        await holder.WaitForExitAsync();
        holder.Dispose();
    }
}
