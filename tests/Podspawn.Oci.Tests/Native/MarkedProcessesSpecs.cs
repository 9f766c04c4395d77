using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Tests.Native;

public class MarkedProcessesSpecs
{
    private const string Name = "PODSPAWN_OCI_TEST_MARK";
    private readonly string mark = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Our_own_process_with_the_mark_is_ended()
    {
        using Process marked = await Start("sleep", "600");
        Assert.Contains((marked.Id, mark), MarkedProcesses.All(Name));
        MarkedProcesses.End(Name, mark);
        Assert.True(marked.WaitForExit(5000));
    }

    [Fact]
    public async Task One_with_another_mark_is_not()
    {
        using Process marked = await Start("sleep", "600");
        MarkedProcesses.End(Name, mark[1..]);
        MarkedProcesses.End(Name, $"{mark}0");
        MarkedProcesses.End($"{Name}S", mark);
        await AssertLives(marked);
    }

    [Theory]
    [InlineData("setpriv", "--reuid", "54321", "--clear-groups")]
    [InlineData("setpriv", "--ruid", "54321")]
    [InlineData("unshare", "--user", "--map-root-user")]
    public async Task Another_users_is_none_of_ours(string program, params string[] arguments)
    {
        using Process marked = await Start(program, [.. arguments, "sleep", "600"]);
        MarkedProcesses.End(Name, mark);
        Assert.DoesNotContain(MarkedProcesses.All(Name), found => found.Value == mark);
        await AssertLives(marked);
    }

    [Fact]
    public async Task A_containers_is_none_of_ours()
    {
        // unshare(1) itself stays in our pid namespace, and is ours; its child is in another.
        using Process outer = await Start("unshare", "--pid", "--fork", "sleep", "600");
        // By a descriptor: it is not .NET's child, and may become ours for good, which then waits to be reaped.
        using SafeFileHandle inner = ProcessCalls.OpenPidfd(
            int.Parse(File.ReadAllText($"/proc/{outer.Id}/task/{outer.Id}/children"), System.Globalization.CultureInfo.InvariantCulture))!;
        MarkedProcesses.End(Name, mark);
        Assert.True(outer.WaitForExit(5000));
        Assert.False(ProcessCalls.AwaitEnd(inner, 100));
        Assert.True(ProcessCalls.SendSignal(inner, 9));
        Assert.True(ProcessCalls.AwaitEnd(inner, 5000));
    }

    private async Task<Process> Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        start.Environment[Name] = mark;
        Process process = Process.Start(start)!;
        for (DateTime end = DateTime.UtcNow.AddSeconds(10); !Sleeps(process.Id) && DateTime.UtcNow < end;)
            await Task.Delay(5);
        return process;
    }

    // The process, or its child where it has one.
    private static bool Sleeps(int pid) => File.ReadAllText($"/proc/{pid}/comm") == "sleep\n"
        || File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Any(child => File.ReadAllText($"/proc/{child}/comm") == "sleep\n");

    private static async Task AssertLives(Process process)
    {
        // SIGKILL ends a sleeping process at once.
        Assert.False(process.WaitForExit(100));
        process.Kill();
        await process.WaitForExitAsync();
    }
}
