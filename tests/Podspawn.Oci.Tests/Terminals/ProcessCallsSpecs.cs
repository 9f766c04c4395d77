using System.Diagnostics;
using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Tests.Terminals;

public sealed class ProcessCallsSpecs
{
    private const int Sigterm = 15;

    [Theory]
    [InlineData("exit 7", 7, false, 7)]
    [InlineData("exit 255", 255, false, 255)]
    [InlineData("kill -KILL $$", 9, true, 137)]
    [InlineData("kill -TERM $$", 15, true, 143)]
    public async Task An_orphan_of_a_child_is_ours_to_wait_for(string script, int code, bool bySignal, int shellStatus)
    {
        int pid = await StartOrphan(script);
        ProcessExit exit = await Task.Run(() => ProcessCalls.WaitExit(pid));
        Assert.Equal(new ProcessExit(code, bySignal), exit);
        Assert.Equal(shellStatus, exit.ShellStatus);
    }

    [Fact]
    public async Task A_grandchild_becomes_ours_when_the_process_between_ends()
    {
        ProcessCalls.BecomeSubreaper();
        // The shell becomes another program before it reports the number: a shell would reap its child itself.
        using Process between = Start("exec 3<&0; sh -c 'read x; exit 5' <&3 & exec sh -c 'echo $0; exec cat >/dev/null' $!");
        int pid = int.Parse((await between.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        Task<ProcessExit> waiting = Task.Run(() => ProcessCalls.WaitExit(pid));
        between.StandardInput.Close();
        await between.WaitForExitAsync();
        ProcessExit exit = await waiting;
        Assert.Equal(5, exit.Code);
    }

    [Fact]
    public async Task Waiting_for_an_orphan_leaves_the_children_of_dotnet_alone()
    {
        Task<BufferedCommandResult> child = CliWrap.Cli.Wrap("/bin/sh").WithArguments(["-c", "sleep 0.2; exit 3"])
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        int pid = await StartOrphan("exit 4");
        Assert.Equal(4, ProcessCalls.WaitExit(pid).Code);
        Assert.Equal(3, (await child).ExitCode);
    }

    [Fact]
    public void A_process_that_is_not_ours_is_an_error()
    {
        Assert.Throws<IOException>(() => ProcessCalls.WaitExit(1));
        Assert.Throws<IOException>(() => ProcessCalls.WaitExit(int.MaxValue));
    }

    [Fact]
    public async Task A_signal_reaches_the_process_that_was_opened_and_no_other_after_its_end()
    {
        int pid = await StartOrphan("exec sleep 60");
        using SafeFileHandle? process = ProcessCalls.OpenPidfd(pid);
        Assert.NotNull(process);
        Assert.True(ProcessCalls.SendSignal(process, Sigterm));
        Assert.Equal(new ProcessExit(Sigterm, true), ProcessCalls.WaitExit(pid));
        Assert.False(ProcessCalls.SendSignal(process, Sigterm));
        Assert.Null(ProcessCalls.OpenPidfd(pid));
    }

    [Fact]
    public void A_child_started_meanwhile_does_not_ignore_sigpipe_and_one_started_after_does_again()
    {
        string during;
        using (DefaultSigPipe.Hold())
            during = ReadIgnored();
        string after = ReadIgnored();
        Assert.Equal(0u, ulong.Parse(during, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 0x1000);
        Assert.Equal(0x1000u, ulong.Parse(after, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 0x1000);
    }

    private static string ReadIgnored()
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/grep", ["SigIgn", "/proc/self/status"])
        {
            RedirectStandardOutput = true,
        })!;
        return process.StandardOutput.ReadToEnd().Split('\t')[1].Trim();
    }

    // The shell in between ends at once, as a detaching runtime does, and only then does the orphan continue: a living shell reaps its own children.
    private static async Task<int> StartOrphan(string script)
    {
        ProcessCalls.BecomeSubreaper();
        using Process shell = Start("exec 3<&0; sh -c \"read x; $1\" >/dev/null 2>&1 <&3 & echo $!", script);
        int pid = int.Parse((await shell.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        await shell.WaitForExitAsync();
        shell.StandardInput.Close();
        return pid;
    }

    private static Process Start(string script, params ReadOnlySpan<string> arguments) => Process.Start(
        new ProcessStartInfo("/bin/sh", ["-c", script, "sh", .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
}
