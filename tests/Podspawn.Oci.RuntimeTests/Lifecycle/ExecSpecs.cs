using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary><c>exec</c>: an additional process in a running container.</summary>
public sealed class ExecSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_command_runs_with_the_containers_environment_directory_and_user(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime, "-e", "KIND=own", "-w", "/etc", "-u", "app");
        Outcome outcome = (await kept.Exec([], "sh", "-c", "id; pwd; echo $KIND $HOME; echo no >&2; exit 0")).Succeeded();
        Assert.Equal(["uid=1000(app) gid=1000(app) groups=1000(app),2000(extra)", "/etc", "own /home/app"], outcome.Lines);
        Assert.EndsWith("no\n", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Flags_name_another_user_directory_and_environment(string runtime)
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "# one a line\nB=file\nC=file\n");
        try
        {
            await using Detached kept = await Detached.Waiting(runtime, "-e", "A=own");
            Outcome outcome = (await kept.Exec(["-u", "app", "-w", "/var", "-e", "C=flag", "--env-file", file], "sh", "-c", "id; pwd; echo $A $B $C $HOME")).Succeeded();
            Assert.Equal(["uid=1000(app) gid=1000(app) groups=1000(app),2000(extra)", "/var", "own file flag /home/app"], outcome.Lines);
            Assert.Equal("uid=1234 gid=55 groups=55\n", (await kept.Exec(["--user", "1234:55"], "id")).Succeeded().Text);
            Assert.Equal("/mine\n", (await kept.Exec(["-u", "app", "-e", "HOME=/mine"], "sh", "-c", "echo $HOME")).Succeeded().Text);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_home_that_was_set_for_the_container_stays_whoever_runs(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime, "-e", "HOME=/srv");
        Assert.Equal("/srv\n", (await kept.Exec(["-u", "app"], "sh", "-c", "echo $HOME")).Succeeded().Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task The_hardening_is_the_containers_own(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime, "--cap-drop", "ALL", "--cap-add", "CHOWN", "--cap-add", "KILL");
        string own = Hardening((await kept.Exec([], "cat", "/proc/1/status")).Succeeded().Text);
        Assert.Equal(own, Hardening((await kept.Exec([], "cat", "/proc/self/status")).Succeeded().Text));
        Assert.Equal(
            "CapInh:0000000000000000 CapPrm:0000000000000021 CapEff:0000000000000021 CapBnd:0000000000000021 CapAmb:0000000000000000 NoNewPrivs:1 Seccomp:2", own);
        // Refused by the filter, before the kernel would check a capability of the process.
        Outcome tried = (await kept.Exec([], "/probe/try", "keyctl", "clone3", "bpf")).Succeeded();
        Assert.Equal(["keyctl EPERM", "clone3 ENOSYS", "bpf EPERM"], tried.Lines);
        string limits = (await kept.Exec([], "cat", "/proc/1/limits")).Succeeded().Text;
        Assert.Equal(limits, (await kept.Exec([], "cat", "/proc/self/limits")).Succeeded().Text);
        Assert.Equal((await kept.Exec([], "cat", "/proc/1/cgroup")).Succeeded().Text, (await kept.Exec([], "cat", "/proc/self/cgroup")).Succeeded().Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task No_user_gains_what_a_launch_for_that_user_would_not_have(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime, "-u", "app");
        Outcome app = (await kept.Exec([], "/probe/caps")).Succeeded();
        Assert.Equal(["bounding 0x4cb", "permitted 0x0", "effective 0x0", "inheritable 0x0", "ambient 0x0", "no_new_privs 1"], Sets(app));
        Assert.Contains("euid 1000", (await kept.Exec([], "/probe/setuid-probe")).Succeeded().Lines);
        Outcome root = (await kept.Exec(["-u", "root"], "/probe/caps")).Succeeded();
        Assert.Equal(["bounding 0x4cb", "permitted 0x4cb", "effective 0x4cb", "inheritable 0x0", "ambient 0x0", "no_new_privs 1"], Sets(root));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_exit_status_is_the_commands_own(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime);
        foreach (int status in new[] { 0, 1, 7, 125, 128, 255 })
            Assert.Equal(status, (await kept.Exec([], "sh", "-c", $"exit {status}")).Status);
        Assert.Equal(128 + 9, (await kept.Exec([], "sh", "-c", "kill -9 $$")).Status);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_cannot_be_started_has_dockers_statuses(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime);
        (await kept.Exec([], "sh", "-c", "printf '#!/no/such\\n' > /tmp/script; printf '\\177ELF' > /tmp/broken; chmod +x /tmp/script /tmp/broken")).Succeeded();
        foreach (string[] flags in new string[][] { [], ["-d"], ["-t"] })
        {
            Assert.Equal(127, (await kept.Exec(flags, "no-such-command")).Status);
            Assert.Equal(127, (await kept.Exec(flags, "/tmp/script")).Status);
            Assert.Equal(126, (await kept.Exec(flags, "/etc")).Status);
            Assert.Equal(126, (await kept.Exec(flags, "/tmp/broken")).Status);
        }
        Assert.Equal(125, (await kept.Exec(["-w", "/no/such"], "true")).Status);
        Assert.Equal(125, (await kept.Exec(["-w", "/proc/self/fd"], "true")).Status);
        Assert.Equal(125, (await kept.Exec(["-w", "relative"], "true")).Status);
        Assert.Equal(125, (await kept.Exec(["-u", "nobody-here"], "true")).Status);
        Assert.Equal(125, (await kept.Exec([])).Status);
        Assert.Equal(125, (await kept.Exec(["-it"], "true")).Status);
        Assert.Equal(125, (await PodspawnOci.Call(["exec", "no-such-container", "true"])).Status);
        (await PodspawnOci.Call(["kill", kept.Name])).Succeeded();
        (await PodspawnOci.Call(["wait", kept.Name])).Succeeded();
        Outcome ended = await kept.Exec([], "true");
        Assert.Equal(125, ended.Status);
        Assert.Contains("is not running", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_paused_container_takes_nobody(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime);
        await kept.Do("pause");
        foreach (Outcome outcome in new[] { await kept.Exec([], "true"), await kept.Try("attach") })
        {
            Assert.Equal(125, outcome.Status);
            Assert.Contains($"podspawn-oci unpause {kept.Name}", outcome.Error, StringComparison.Ordinal);
        }
        await kept.Do("unpause");
        (await kept.Exec([], "true")).Succeeded();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_directory_that_the_container_has_turned_into_a_way_out_is_refused(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime, "-w", "/srv/work");
        foreach ((string target, string told) in new[] { ("/proc/1/fd", "leads into /proc"), ("/proc/self/fd", "is a symbolic link") })
        {
            (await kept.Exec(["-w", "/"], "sh", "-c", $"rm -r /srv/work; ln -s {target} /srv/work")).Succeeded();
            Outcome outcome = await kept.Exec([], "true");
            Assert.Equal(125, outcome.Status);
            Assert.Contains(told, outcome.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Stdin_goes_through_byte_for_byte_with_interactive_and_is_empty_without(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime);
        byte[] sent = RandomNumberGenerator.GetBytes(4 << 20);
        Outcome echoed = (await PodspawnOci.Call(["exec", "-i", kept.Name, "cat"], PipeSource.FromBytes(sent))).Succeeded();
        Assert.True(sent.AsSpan().SequenceEqual(echoed.Output));
        Assert.Empty((await PodspawnOci.Call(["exec", kept.Name, "cat"], PipeSource.FromString("not for you"))).Succeeded().Output);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_detached_command_goes_on_without_anybody(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime);
        foreach (string[] flags in new string[][] { ["-d"], ["-dt"] })
        {
            Outcome started = (await kept.Exec(flags, "sh", "-c", "echo lost; until test -e /tmp/go; do sleep 0.05; done; test -t 1 && echo terminal; echo done > /tmp/done"))
                .Succeeded();
            Assert.Empty(started.Output);
            Assert.Empty(Directory.GetFileSystemEntries($"{kept.Directory}/exec"));
            (await kept.Exec([], "touch", "/tmp/go")).Succeeded();
            await Eventually.Holds("the detached command ends", async () => (await kept.Exec([], "test", "-e", "/tmp/done")).Status == 0);
            (await kept.Exec([], "rm", "/tmp/go", "/tmp/done")).Succeeded();
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Each_signal_reaches_the_command_once(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime);
        using Process exec = Process.Start(
            new ProcessStartInfo("env", ["--default-signal", Repository.Command, "exec", kept.Name, "/probe/sigs"]) { RedirectStandardOutput = true })!;
        Assert.Equal("ready", await exec.StandardOutput.ReadLineAsync());
        foreach ((string signal, int number) in new[] { ("HUP", 1), ("INT", 2), ("QUIT", 3), ("USR1", 10), ("USR2", 12), ("WINCH", 28), ("TERM", 15) })
        {
            Assert.Equal(0, Tmds.Linux.LibC.kill(exec.Id, number));
            Assert.Equal($"got {signal}", await exec.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)));
        }
        Assert.Null(await exec.StandardOutput.ReadLineAsync());
        await exec.WaitForExitAsync();
        Assert.Equal(0, exec.ExitCode);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_end_of_the_container_ends_it_and_a_killed_one_leaves_nothing(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime);
        string directory = kept.Directory, id = kept.Id;
        Task<Outcome> running = kept.Exec([], "sh", "-c", "touch /tmp/up; sleep 600");
        await Eventually.Holds("the command runs", async () => (await kept.Exec([], "test", "-e", "/tmp/up")).Status == 0);
        using (Process killed = Process.Start(new ProcessStartInfo(Repository.Command, ["exec", kept.Name, "sh", "-c", "echo up; sleep 600"]) { RedirectStandardOutput = true })!)
        {
            Assert.Equal("up", await killed.StandardOutput.ReadLineAsync());
            killed.Kill();
            await killed.WaitForExitAsync();
        }
        Assert.NotEmpty(Directory.GetFileSystemEntries($"{directory}/exec"));
        (await PodspawnOci.Call(["kill", kept.Name])).Succeeded();
        Assert.Equal(137, (await running).Status);
        (await PodspawnOci.Call(["wait", kept.Name])).Succeeded();
        // The status is known a moment before everything is cleaned up.
        await Eventually.Holds("the files of exec go", () => Task.FromResult(!Directory.Exists($"{directory}/exec")));
        (await PodspawnOci.Call(["rm", kept.Name])).Succeeded();
        await Leftovers.AssertNone(id);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_in_the_foreground_takes_one_too(string runtime)
    {
        string name = $"exec-front-{runtime}";
        using Process launcher = Process.Start(new ProcessStartInfo(
            Repository.Command, ["run", "-i", "--runtime", runtime, "--name", name, "--rootfs", Repository.Probe, "--", "sh", "-c", "echo up; read word"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("up", await launcher.StandardOutput.ReadLineAsync());
        Outcome outcome = await PodspawnOci.Call(["exec", "-u", "app", name, "sh", "-c", "id -u; exit 3"]);
        Assert.Equal((3, "1000\n"), (outcome.Status, outcome.Text));
        launcher.StandardInput.Close();
        await launcher.WaitForExitAsync();
        await Leftovers.AssertNone(name);
    }

    private static string Hardening(string status) =>
        string.Join(' ', status.Split('\n').Where(line => Regex.IsMatch(line, "^(Cap|NoNewPrivs|Seccomp:)")).Select(line => line.Replace("\t", "", StringComparison.Ordinal)));

    private static string[] Sets(Outcome caps) =>
        [.. new[] { "bounding", "permitted", "effective", "inheritable", "ambient",
            "no_new_privs" }.Select(name => caps.Lines.First(line => line.StartsWith($"{name} ", StringComparison.Ordinal)))];
}
