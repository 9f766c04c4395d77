using System.Diagnostics;

namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>A hanging runtime does not prevent its launch from being ended, and nothing of either is left.</summary>
public sealed class HangingRuntimeSpecs
{
    private const int SIGINT = 2;
    private const int SIGTERM = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static TheoryData<string, bool> Foreground => new() { { "runc", false }, { "runc", true }, { "crun", false }, { "crun", true }, { "runsc", false }, { "runsc", true } };

    [Theory]
    [MemberData(nameof(Foreground))]
    public async Task A_second_signal_ends_a_foreground_launch_at_once(string runtime, bool terminal)
    {
        using var hanging = Saboteur.Hanging(runtime, "run");
        string name = Detached.NewName();
        string[] flags = terminal ? ["-t"] : [];
        using Process launcher = Start(["run", "--runtime", hanging.Program, "--name", name, .. flags, "--rootfs", Repository.Busybox, "--", "true"]);
        int[] pids = await hanging.Hangs();
        Send(launcher, SIGINT);
        Send(launcher, SIGTERM);
        await Ends(launcher, pids, SIGINT, SIGTERM);
        await Leftovers.AssertNone(name);
    }

    // The working directory is checked between the two calls of the runtime, of which the second hangs: by then there is a process, which waits.
    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_second_signal_ends_a_foreground_launch_whose_process_only_has_to_begin(string runtime)
    {
        using var hanging = Saboteur.Hanging(runtime, "start");
        string name = Detached.NewName();
        using Process launcher = Start("run", "--runtime", hanging.Program, "--name", name, "--workdir", "/tmp", "--rootfs", Repository.Busybox, "--", "true");
        int[] pids = await hanging.Hangs();
        Send(launcher, SIGINT);
        Send(launcher, SIGTERM);
        await Ends(launcher, pids, SIGINT, SIGTERM);
        await Leftovers.AssertNone(name);
    }

    [Fact]
    public async Task One_signal_ends_a_foreground_launch_after_a_while()
    {
        using var hanging = Saboteur.Hanging("crun", "run");
        string name = Detached.NewName();
        using Process launcher = Start("run", "--runtime", hanging.Program, "--name", name, "--rootfs", Repository.Busybox, "--", "true");
        int[] pids = await hanging.Hangs();
        Send(launcher, SIGTERM);
        await Ends(launcher, pids, SIGTERM);
        await Leftovers.AssertNone(name);
    }

    [Theory]
    [InlineData("runc", "create")]
    [InlineData("crun", "create")]
    [InlineData("runsc", "create")]
    [InlineData("runc", "start")]
    [InlineData("crun", "start")]
    [InlineData("runsc", "start")]
    public async Task A_signal_ends_a_detached_launch_and_a_start(string runtime, string verb)
    {
        using var hanging = Saboteur.Hanging(runtime, verb);
        string name = Detached.NewName();
        using (Process launcher = Start("run", "--detach", "--runtime", hanging.Program, "--name", name, "--rootfs", Repository.Busybox, "--", "sleep", "600"))
        {
            int[] pids = await hanging.Hangs();
            Send(launcher, SIGTERM);
            await Ends(launcher, pids, SIGTERM);
        }
        Assert.False(File.Exists($"/run/podspawn-oci/names/{name}"));

        string id = (await PodspawnOci.Call(["create", "--runtime", hanging.Program, "--name", name, "--rootfs", Repository.Busybox, "--", "sleep", "600"])).Succeeded().Lines[0];
        try
        {
            hanging.Forget();
            using Process launcher = Start("start", name);
            int[] pids = await hanging.Hangs();
            Send(launcher, SIGINT);
            await Ends(launcher, pids, SIGINT);
            Assert.Equal("created", (await Detached.Inspect(name)).GetProperty("State").GetProperty("Status").GetString());
        }
        finally
        {
            (await PodspawnOci.Call(["rm", "--force", name])).Succeeded();
        }
        await Leftovers.AssertNone(id);
    }

    [Theory]
    [InlineData("runc", false)]
    [InlineData("crun", false)]
    [InlineData("runsc", false)]
    [InlineData("runc", true)]
    public async Task A_second_signal_ends_an_exec_and_leaves_the_container_alone(string runtime, bool detached)
    {
        using var hanging = Saboteur.Hanging(runtime, "exec");
        string name = Detached.NewName();
        string id = (await PodspawnOci.Call(["run", "--detach", "--runtime", hanging.Program, "--name", name, "--rootfs", Repository.Busybox, "--", "sleep", "600"])).Succeeded()
            .Lines[0];
        try
        {
            string[] flags = detached ? ["--detach"] : [];
            using Process launcher = Start(["exec", .. flags, name, "true"]);
            int[] pids = await hanging.Hangs();
            Send(launcher, SIGTERM);
            Send(launcher, SIGINT);
            await Ends(launcher, pids, SIGINT, SIGTERM);
            Assert.Equal("running", (await Detached.Inspect(name)).GetProperty("State").GetProperty("Status").GetString());
            Assert.Empty(Directory.GetDirectories($"/run/podspawn-oci/containers/{id}/exec"));
        }
        finally
        {
            (await PodspawnOci.Call(["rm", "--force", name])).Succeeded();
        }
    }

    [Fact]
    public async Task A_runtime_that_does_not_tell_its_version_is_not_waited_for()
    {
        using var hanging = Saboteur.Hanging("crun", "--version");
        string[] run = ["run", "--runtime", hanging.Program, "--rootfs", Repository.Busybox, "--", "true"];
        using (Process launcher = Start(run))
        {
            int[] pids = await hanging.Hangs();
            Send(launcher, SIGTERM);
            await Ends(launcher, pids, SIGTERM);
        }
        hanging.Forget();
        Outcome refused = await PodspawnOci.Call(run);
        Assert.Equal(125, refused.Status);
        Assert.Contains("does not answer --version", refused.Error, StringComparison.Ordinal);
        Assert.All(await hanging.Hangs(), AssertGone);
    }

    [Fact]
    public async Task A_runtime_whose_delete_hangs_does_not_keep_a_container_from_being_removed()
    {
        // runsc's delete has a sandbox to end: for the others it is not needed after an end that was observed.
        using var hanging = Saboteur.Hanging("runsc", "delete");
        string name = Detached.NewName();
        string id = (await PodspawnOci.Call(["run", "--detach", "--runtime", hanging.Program, "--name", name, "--rootfs", Repository.Busybox, "--", "sleep", "600"])).Succeeded()
            .Lines[0];
        (await PodspawnOci.Call(["rm", "--force", name])).Succeeded();
        Assert.All(await hanging.Hangs(), AssertGone);
        await Leftovers.AssertNone(id);
    }

    // The test runner's caller may ignore signals (nohup, a shell's background job), and a launcher would inherit that.
    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("env", ["--default-signal", Repository.Command, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static void Send(Process launcher, int signal)
    {
        Assert.False(launcher.HasExited);
        Assert.Equal(0, Tmds.Linux.LibC.kill(launcher.Id, signal));
    }

    // Which of two signals is handled last is not determined.
    private static async Task Ends(Process launcher, int[] pids, params int[] signals)
    {
        using var limit = new CancellationTokenSource(Patience);
        await launcher.WaitForExitAsync(limit.Token);
        Assert.True(signals.Contains(launcher.ExitCode - 128), $"exit status {launcher.ExitCode}: {await launcher.StandardError.ReadToEndAsync(limit.Token)}");
        Assert.All(pids, AssertGone);
    }

    private static void AssertGone(int pid) =>
        Assert.False(Directory.Exists($"/proc/{pid}") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal), $"process {pid} is still there");
}
