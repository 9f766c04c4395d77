using System.Diagnostics;
using System.Globalization;
using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>Every signal that a process can receive reaches a container: through the launcher, by <c>kill</c>, and as a stop signal.</summary>
public sealed class EverySignalSpecs
{
    private static readonly int[] Standard = [1, 2, 3, 5, 6, 10, 12, 14, 16, 18, 23, 24, 25, 26, 27, 29, 30, 31];

    // .NET keeps the first one from the launcher.
    private static readonly int[] RealTime = [.. Enumerable.Range(35, 30)];

    private static string Catching(IEnumerable<int> signals) =>
        $"for s in {string.Join(' ', signals)}; do trap \"echo got $s\" $s; done; trap 'echo got 15; kill $!; exit 7' 15; sleep 600 & echo ready; while :; do wait; done";

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_launcher_passes_every_signal_on(string runtime)
    {
        int[] sent = runtime == "runsc" ? Standard : [.. Standard, .. RealTime];
        await Passes("--default-signal", ["run", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "sh", "-c", Catching(sent)], sent, dropped: []);
        await using Detached kept = await Detached.Run(runtime, [], "sleep", "600");
        await Passes("--default-signal", ["exec", kept.Name, "sh", "-c", Catching(sent)], sent, dropped: []);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_launcher_in_the_background_of_a_script_passes_on_what_it_was_to_ignore(string runtime)
    {
        int[] sent = [2, 3, 10, 14];
        const string Ignoring = "--ignore-signal=INT,QUIT,TERM,USR1,ALRM,HUP";
        // nohup's is left out.
        await Passes(Ignoring, ["run", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "sh", "-c", Catching([1, .. sent])], sent, dropped: [1]);
        await using Detached kept = await Detached.Run(runtime, [], "sleep", "600");
        await Passes(Ignoring, ["exec", kept.Name, "sh", "-c", Catching([1, .. sent])], sent, dropped: [1]);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_ignores_nothing_that_its_caller_ignored(string runtime)
    {
        const string Ignoring = "--ignore-signal=INT,QUIT,TERM,USR1,ALRM,HUP,TSTP,RTMIN+6";
        string[] tell = ["grep", "SigIgn", "/proc/self/status"];
        string name = Detached.NewName();
        string id = (await As(Ignoring, ["run", "--detach", "--name", name, "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "sleep", "600"])).Succeeded().Lines[0];
        try
        {
            int pid = (await Detached.Inspect(name)).GetProperty("State").GetProperty("Pid").GetInt32();
            Assert.Contains("SigIgn:\t0000000000000000", await File.ReadAllTextAsync($"/proc/{pid}/status"), StringComparison.Ordinal);
            Assert.Equal("SigIgn:\t0000000000000000\n", (await As(Ignoring, ["exec", name, .. tell])).Succeeded().Text);
            Assert.Equal("SigIgn:\t0000000000000000\n", (await As(Ignoring, ["run", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", .. tell])).Succeeded().Text);
        }
        finally
        {
            (await PodspawnOci.Call(["rm", "--force", id])).Succeeded();
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Kill_sends_every_signal_by_name_and_number(string runtime)
    {
        (string Text, int Number)[] standard =
            [("ALRM", 14), ("14", 14), ("SIGPWR", 30), ("io", 29), ("POLL", 29), ("SYS", 31), ("CONT", 18), ("URG", 23), ("STKFLT", 16), ("SIGHUP", 1), ("IOT", 6)];
        (string Text, int Number)[] realTime = [("RTMIN+3", 37), ("sigrtmax-2", 62), ("40", 40), ("SIGRTMAX", 64), ("RTMIN+1", 35)];
        await using Detached kept = await Detached.RunShell(runtime, [], Catching([.. Standard, .. RealTime]));
        await kept.UntilWritten("ready");
        string expected = "ready\n";
        foreach ((string text, int number) in runtime == "runsc" ? standard : [.. standard, .. realTime])
        {
            await kept.Do("kill", "--signal", text);
            expected += $"got {number}\n";
            await kept.UntilWritten(expected);
        }
        if (runtime == "runsc")
            Assert.Contains("sends no real-time signals", (await kept.Try("kill", "--signal", "RTMIN+3")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Any_signal_can_be_the_one_that_stops(string runtime)
    {
        foreach ((string text, int number) in new[] { ("RTMIN+3", 37), ("SIGRTMAX-1", 63), ("PWR", 30), ("ALRM", 14), ("SIGIO", 29), ("SYS", 31), ("CONT", 18), ("12", 12) })
        {
            string script = $"trap 'echo got {number}; exit 7' {number}; trap 'echo got 15; exit 7' 15; sleep 600 & echo ready; while :; do wait; done";
            await using Detached kept = await Detached.RunShell(runtime, ["--stop-signal", text], script);
            await kept.UntilWritten("ready");
            // A container that is frozen has to be thawed for any of them.
            if (number == 12)
                await kept.Do("pause");
            await kept.Do("stop", "--time", "30");
            await kept.UntilWritten($"got {(runtime == "runsc" && number > 31 ? 15 : number)}\n");
            Assert.Equal(7, (await kept.State()).GetProperty("ExitCode").GetInt32());
        }
    }

    // The last signal, SIGTERM, ends the command with 7.
    private static async Task Passes(string dispositions, string[] arguments, int[] sent, int[] dropped)
    {
        using Process launcher = Process.Start(new ProcessStartInfo("env", [dispositions, Repository.Command, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            launcher.ErrorDataReceived += (_, _) => { };
            launcher.BeginErrorReadLine();
            Assert.Equal("ready", await launcher.StandardOutput.ReadLineAsync());
            foreach (int number in dropped)
                Assert.Equal(0, Tmds.Linux.LibC.kill(launcher.Id, number));
            foreach (int number in sent.Append(15))
            {
                Assert.Equal(0, Tmds.Linux.LibC.kill(launcher.Id, number));
                Assert.Equal($"got {number.ToString(CultureInfo.InvariantCulture)}", await launcher.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)));
            }
            await launcher.WaitForExitAsync();
            Assert.Equal(7, launcher.ExitCode);
        }
        finally
        {
            launcher.Kill();
        }
    }

    private static Task<Outcome> As(string dispositions, string[] arguments) => Outcome.Of(Cli.Wrap("env").WithArguments([dispositions, Repository.Command, .. arguments]));
}
