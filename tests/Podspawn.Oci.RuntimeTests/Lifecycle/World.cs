using System.Diagnostics;
using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>A mount namespace with run and data directories of its own, both on small filesystems: they can be filled, emptied and made read-only.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly Process holder;

    private World(Process holder) => this.holder = holder;

    /// <param name="ownData">Whether the data directory is its own too, or the host's.</param>
    internal static async Task<World> Make(bool ownData = true)
    {
        const string OwnRun = "mkdir -p /run/podspawn-oci /var/lib/podspawn-oci && mount -t tmpfs -o mode=700,size=32m tmpfs /run/podspawn-oci";
        const string OwnData = "mount -t tmpfs -o mode=700,size=64m tmpfs /var/lib/podspawn-oci";
        string prepare = $"{OwnRun} && {(ownData ? OwnData : "true")} && echo ready && exec cat";
        Process holder = Process.Start(new ProcessStartInfo("unshare", ["--mount", "--propagation", "private", "sh", "-c", prepare])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", await holder.StandardOutput.ReadLineAsync());
        return new World(holder);
    }

    /// <summary>A verb of the published command.</summary>
    internal async Task<Outcome> Call(params string[] arguments)
    {
        using var output = new MemoryStream();
        var error = new StringBuilder();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        CommandResult result = await Cli.Wrap("nsenter").WithArguments([$"--mount=/proc/{holder.Id}/ns/mnt", "--", Repository.Command, .. arguments])
            .WithValidation(CommandResultValidation.None).WithStandardOutputPipe(PipeTarget.ToStream(output)).WithStandardErrorPipe(PipeTarget.ToStringBuilder(error))
            .ExecuteAsync(limit.Token);
        return new Outcome(result.ExitCode, output.ToArray(), error.ToString());
    }

    /// <summary>The host's root as it is seen in it.</summary>
    internal string Root => $"/proc/{holder.Id}/root";

    /// <summary>Gives its kernel another boot id, as after a boot.</summary>
    internal async Task Reboot() =>
        await Shell("file=$(mktemp) && cat /proc/sys/kernel/random/uuid >$file && mount --bind $file /proc/sys/kernel/random/boot_id && rm $file");

    /// <summary>A line of the shell in it.</summary>
    internal async Task<BufferedCommandResult> Shell(string line) =>
        await Cli.Wrap("nsenter").WithArguments([$"--mount=/proc/{holder.Id}/ns/mnt", "--", "sh", "-c", line]).ExecuteBufferedAsync();

    /// <summary>The namespace goes with its last process.</summary>
    public async ValueTask DisposeAsync()
    {
        // A test that failed may have left some.
        string[] left = (await Call("ps", "--all", "--quiet", "--no-trunc")).Lines;
        if (left.Length > 0)
            await Call(["rm", "--force", .. left]);
        holder.StandardInput.Close();
        await holder.WaitForExitAsync();
        holder.Dispose();
    }
}
