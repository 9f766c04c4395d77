using System.Diagnostics;
using System.Globalization;
using Podspawn.Oci.Launching.Invocation;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Tests.Launching;

/// <summary>The kernel tells whether a forked process became a command; its name does not.</summary>
public sealed class PreparingProcessSpecs
{
    [Theory]
    [InlineData("runc:[2:INIT]")]
    [InlineData("crun")]
    public async Task A_command_of_any_name_is_one_at_once(string name)
    {
        using var directory = new TemporaryDirectory();
        string script = directory.Write(name, "#!/bin/sh\necho up\nread word\n", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using Process process = Start(script);
        Assert.Equal("up", await process.StandardOutput.ReadLineAsync());
        Assert.Equal($"{name}\n", SmallFile.Read($"/proc/{process.Id}/comm"));
        var time = Stopwatch.StartNew();
        Assert.True(PreparingProcess.AwaitCommand(ProcessIdentity.Of(process.Id)));
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(1), $"it took {time.Elapsed}");
        process.StandardInput.Close();
        await process.WaitForExitAsync();
    }

    [Fact]
    public async Task A_process_that_was_only_forked_is_none_whatever_it_calls_itself()
    {
        // The inner shell is forked, and never calls execve.
        using Process process = Start("/bin/sh", "-c", "( IFS=' ' read -r pid rest < /proc/self/stat; echo $pid; printf command > /proc/self/comm; read word; exit 1 ); true");
        int forked = int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        Assert.NotEqual(process.Id, forked);
        Assert.False(ProcessStat.Read(forked)!.Value.HasExecuted);
        Assert.True(ProcessStat.Read(process.Id)!.Value.HasExecuted);
        ProcessIdentity identity = ProcessIdentity.Of(forked);
        process.StandardInput.Close();
        Assert.False(PreparingProcess.AwaitCommand(identity));
        await process.WaitForExitAsync();
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
}
