using System.Text.RegularExpressions;
using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>A container, and the processes that work for it, inherit nothing of their caller: no descriptor, no scheduling privilege, no unlimited limit.</summary>
public sealed partial class InheritanceSpecs : IDisposable
{
    // The caller has a high priority, dumps without limit, an additional group, no umask, and blocks a signal.
    private static readonly string[] Privileged =
    [
        "nice", "-n", "-7", "ionice", "-c1", "-n2", "setarch", "-R", "prlimit", "--core=unlimited",
        "setpriv", "--groups", "0,4242", "--", "env", "--block-signal=TERM",
    ];

    private static readonly string[] RealTime = ["chrt", "--fifo", "10"];

    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_command_in_the_foreground_has_nothing_of_its_caller(string runtime)
    {
        string[] facts = ["sh", "-c", "cat /proc/self/status /proc/self/limits; echo personality $(cat /proc/self/personality); echo stat $(cat /proc/self/stat); echo groups " +
            "$(id -G); ls -l /proc/self/fd"];
        string inside = (await CallAs(Privileged, ["run", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", .. facts])).Succeeded().Text;
        AssertOrdinary(inside, "");
        Assert.Equal("0", Field(inside, "groups"));

        string stat = Field((await CallAs(RealTime, ["run", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", .. facts])).Succeeded().Text, "stat");
        Assert.Equal(("0", "0"), Scheduling(stat));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_stays_for_a_detached_container_has_nothing_of_its_caller(string runtime)
    {
        string name = Detached.NewName();
        string id = (await CallAs(Privileged, ["run", "--detach", "--runtime", runtime, "--name", name, "--rootfs", Repository.Busybox, "--", .. Detached.Idle])).Succeeded()
            .Lines[0];
        try
        {
            await AssertOrdinaryWorkers(id, runtime);
            // The container is created by an ordinary caller, and a privileged one starts more processes in it.
            (await CallAs(Privileged, ["exec", "--detach", name, "sleep", "599"])).Succeeded();
            await AssertOrdinaryWorkers(id, runtime);
        }
        finally
        {
            (await PodspawnOci.Call(["rm", "--force", id])).Succeeded();
        }
        await Leftovers.AssertNone(id);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_a_privileged_caller_starts_has_nothing_of_it(string runtime)
    {
        await using Detached kept = await Detached.Create(runtime, [], Detached.Idle);
        (await CallAs([.. Privileged, .. RealTime], ["start", kept.Name])).Succeeded();
        await AssertOrdinaryWorkers(kept.Id, runtime);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task What_makes_a_container_weaker_is_passed_on(string runtime)
    {
        string[] weak = ["nice", "-n", "5", "choom", "-n", "300", "--"];
        Outcome outcome = (await CallAs(weak,
            ["run", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "sh", "-c", "echo stat $(cat /proc/self/stat); cat /proc/self/oom_score_adj"])).Succeeded();
        Assert.Equal(("5", "0"), Scheduling(Field(outcome.Text, "stat")));
        Assert.Equal("300", outcome.Lines[^1]);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_monitor_follows_no_link_in_its_callers_directory_when_memory_runs_out(string runtime)
    {
        File.CreateSymbolicLink($"{directory}/oom", $"{directory}/planted");
        string name = Detached.NewName();
        string id = (await CallAs([], ["run", "--detach", "--runtime", runtime, "--name", name, "--memory", "24m", "--rootfs", Repository.Busybox, "--", "tail", "/dev/zero"]))
            .Succeeded().Lines[0];
        try
        {
            Assert.Equal("137", (await PodspawnOci.Call(["wait", name])).Succeeded().Text.Trim());
            Assert.True((await Detached.Inspect(name)).GetProperty("State").GetProperty("OOMKilled").GetBoolean());
            Assert.False(Path.Exists($"{directory}/planted"));
        }
        finally
        {
            (await PodspawnOci.Call(["rm", "--force", id])).Succeeded();
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Sockets_that_systemd_handed_to_the_caller_are_none_of_the_containers(string runtime)
    {
        string[] service = ["env", $"NOTIFY_SOCKET={directory}/notify", "LISTEN_FDS=3", "LISTEN_PID=1", "LISTEN_FDNAMES=a:b:c"];
        string name = Detached.NewName();
        string id = (await CallAs(service, ["run", "--detach", "--runtime", runtime, "--name", name, "--rootfs", Repository.Busybox, "--", "sleep", "600"])).Succeeded().Lines[0];
        try
        {
            foreach (string[] verb in new string[][] { ["exec", name], ["run", "--runtime", runtime, "--rootfs", Repository.Busybox, "--"] })
            {
                string inside = (await CallAs(service, [.. verb, "sh", "-c", "env; cat /proc/mounts"])).Succeeded().Text;
                Assert.DoesNotContain("notify", inside, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("LISTEN_", inside, StringComparison.Ordinal);
            }
        }
        finally
        {
            (await PodspawnOci.Call(["rm", "--force", id])).Succeeded();
        }
    }

    private async Task AssertOrdinaryWorkers(string id, string runtime)
    {
        string container = $"/run/podspawn-oci/containers/{id}";
        string monitor = (await File.ReadAllTextAsync($"{container}/conmon.pid")).Trim();
        string[] inside = File.ReadAllLines($"{Leftovers.CgroupsOf(id).Single(path => path.StartsWith("/sys/fs/cgroup/pids/", StringComparison.Ordinal))}/cgroup.procs");
        Assert.NotEmpty(inside);
        Assert.Equal($"{container}/conmon", new FileInfo($"/proc/{monitor}/cwd").LinkTarget);
        foreach (string pid in Workers(container).Concat(inside).Distinct())
        {
            string proc = $"/proc/{pid}";
            string told = $"{File.ReadAllText($"{proc}/status")}{File.ReadAllText($"{proc}/limits")}personality {File.ReadAllText($"{proc}/personality")}stat {File.ReadAllText($"{proc}/stat")}";
            Assert.Equal(("0", "0"), Scheduling(Field(told, "stat")));
            Assert.Equal("none: prio 0", Tool.Run("ionice", "-p", pid).Trim());
            Assert.DoesNotContain(Directory.GetFileSystemEntries($"{proc}/fd"), fd => new FileInfo(fd).LinkTarget?.StartsWith(directory, StringComparison.Ordinal) == true);
            if (runtime != "runsc" && inside.Contains(pid))
                AssertOrdinary(told, proc);
        }
    }

    private static void AssertOrdinary(string told, string whose)
    {
        Assert.Equal(("0", "0"), Scheduling(Field(told, "stat")));
        Assert.Equal("00000000", Field(told, "personality"));
        Assert.Equal("0000000000000000", Field(told, "SigBlk:"));
        Assert.Equal("0022", Field(told, "Umask:"));
        Assert.Equal("1 1 bytes", Field(told, "Max core file size"));
        Assert.Equal("0 0", Field(told, "Max nice priority"));
        Assert.Equal("0 0", Field(told, "Max realtime priority"));
        Assert.DoesNotContain("4242", Field(told, "Groups:"), StringComparison.Ordinal);
        Assert.DoesNotContain("marker", told + whose, StringComparison.Ordinal);
    }

    // Processes that work for a container outside of it: the monitor, and gVisor's own.
    private static IEnumerable<string> Workers(string container) =>
        Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0]) && Mentions($"/proc/{name}/environ", container))!;

    private static bool Mentions(string path, string text)
    {
        try
        {
            return File.ReadAllText(path).Contains(text, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // The nice value and the policy: fields 19 and 41 of proc_pid_stat(5), the second of which is the program's name in brackets.
    private static (string Nice, string Policy) Scheduling(string stat)
    {
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (fields[19 - 3], fields[41 - 3]);
    }

    private static string Field(string told, string name) => Spaces().Replace(
        told.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim()
            ?? throw new InvalidOperationException($"no {name} in:\n{told}"), " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    private Task<Outcome> CallAs(string[] wrapper, string[] arguments)
    {
        // With open files of its caller, in a directory of its caller, and without a umask.
        const string Prepare = "cd \"$1\" && exec 7<marker 8>>marker 9<. && umask 0 && shift && exec \"$@\"";
        File.WriteAllText($"{directory}/marker", "");
        return Outcome.Of(Cli.Wrap("sh").WithArguments(["-c", Prepare, "sh", directory, .. wrapper, Repository.Command, .. arguments]));
    }
}
