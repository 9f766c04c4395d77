using System.Globalization;
using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests.Translation;

/// <summary>Docker's flags for what a container may take, read from its cgroup and from inside on every runtime.</summary>
public sealed class ResourceFlagSpecs
{
    private static readonly string[] Limits =
    [
        "--memory", "256m", "--memory-swap", "300m", "--memory-reservation", "64m", "--cpu-shares", "512", "--cpu-quota", "40000", "--cpu-period", "80000",
        "--cpuset-cpus", "0", "--cpuset-mems", "0",
    ];

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_cgroup_has_them_before_and_after_another_start(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, [.. Limits, "--oom-score-adj", "300"], "sleep", "600");
        for (int turn = 0; turn < 2; turn++)
        {
            Assert.Equal(["268435456", "314572800", "67108864"], Read(kept, "memory", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.soft_limit_in_bytes"));
            Assert.Equal(["512", "40000", "80000"], Read(kept, "cpu", "cpu.shares", "cpu.cfs_quota_us", "cpu.cfs_period_us"));
            Assert.Equal(["0", "0"], Read(kept, "cpuset", "cpuset.cpus", "cpuset.mems"));
            Assert.Equal("300", (await File.ReadAllTextAsync($"/proc/{await kept.Pid()}/oom_score_adj")).Trim());
            await kept.Do("restart", "--time", "0");
        }
        (await kept.Try("verify", "--only", "memory,cpus")).Succeeded();
        JsonElement spec = (await kept.Inspect()).GetProperty("Podspawn").GetProperty("Spec");
        Assert.Equal(67108864, spec.GetProperty("linux").GetProperty("resources").GetProperty("memory").GetProperty("reservation").GetInt64());
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task An_update_changes_each_of_them_at_once_and_the_rest_stays(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, Limits, "sleep", "600");
        await kept.Do("update", "--cpu-shares", "2048");
        await kept.Do("update", "--memory-swap", "400m", "--memory-reservation", "32m");
        await kept.Do("update", "--cpu-quota", "20000");
        await kept.Do("update", "--cpuset-cpus", "0-1");
        for (int turn = 0; turn < 2; turn++)
        {
            Assert.Equal(["268435456", "419430400", "33554432"], Read(kept, "memory", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.soft_limit_in_bytes"));
            Assert.Equal(["2048", "20000", "80000"], Read(kept, "cpu", "cpu.shares", "cpu.cfs_quota_us", "cpu.cfs_period_us"));
            Assert.Equal(["0-1"], Read(kept, "cpuset", "cpuset.cpus"));
            await kept.Do("restart", "--time", "0");
        }
        // A combination that cannot be changes nothing, whatever else was asked for.
        Outcome wrong = await kept.Try("update", "--cpu-shares", "100", "--memory-swap", "1m");
        Assert.Equal(125, wrong.Status);
        Assert.Contains("--memory-swap: 1048576 bytes of memory and swap together are less than", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(["2048"], Read(kept, "cpu", "cpu.shares"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_weight_at_the_disks_is_the_cgroups_or_refused(string runtime)
    {
        Outcome outcome = await PodspawnOci.Call(["run", "--runtime", runtime, "--rootfs", Repository.Busybox, "--blkio-weight", "321", "true"]);
        if (outcome.Status == 0)
        {
            await using Detached kept = await Detached.Run(runtime, ["--blkio-weight", "321"], "sleep", "600");
            string[] files = [.. new[] { "blkio.bfq.weight", "blkio.weight" }.Where(file => File.Exists($"{kept.Cgroup("blkio")}/{file}"))];
            Assert.All(Read(kept, "blkio", files), text => Assert.Contains("321", text, StringComparison.Ordinal));
            return;
        }
        Assert.NotEqual("runc", runtime);
        Assert.Contains("--blkio-weight: ", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_process_has_its_limits_and_its_mask_and_so_has_one_that_exec_brings_in(string runtime)
    {
        string mask = runtime == "runsc" ? "0022" : "0027";
        string[] flags = ["--ulimit", "nofile=123:456", "--ulimit", "stack=4194304", "--umask", mask];
        string[] script = ["sh", "-c", "ulimit -Sn; ulimit -Hn; ulimit -Ss; umask"];
        string[] expected = ["123", "456", "4096", mask];
        Assert.Equal(expected, (await PodspawnOci.Call(["run", "--runtime", runtime, "--rootfs", Repository.Busybox, .. flags, "--", .. script])).Succeeded().Lines);
        await using Detached kept = await Detached.Run(runtime, flags, "sleep", "600");
        Assert.Equal(expected, (await kept.Exec([], script)).Succeeded().Lines);
        Assert.Equal(mask, (await kept.Exec(["-u", "1:1"], "sh", "-c", "umask")).Succeeded().Text.Trim());
    }

    [Fact]
    public async Task A_process_that_exec_brings_in_has_its_limit_of_open_files_though_runc_loses_it()
    {
        using var runc = Saboteur.LosingOpenFiles();
        await using Detached kept = await Detached.Run(runc.Program, ["--ulimit", "nofile=123:456"], "sleep", "600");
        foreach (string[] flags in new string[][] { [], ["-w", "/tmp"], ["-u", "1:1"], ["-t"] })
            Assert.Equal(["123", "456"], (await kept.Exec(flags, "sh", "-c", "ulimit -Sn; ulimit -Hn")).Succeeded().Lines.Select(line => line.Trim()));
        (await kept.Exec(["-d"], "sh", "-c", "ulimit -Sn > /tmp/new; mv /tmp/new /tmp/limit")).Succeeded();
        await Eventually.Holds("a limit of 123 for a command in the background", async () => (await kept.Exec([], "cat", "/tmp/limit")).Text.Trim() == "123");
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Shared_memory_is_as_large_as_was_asked_for(string runtime)
    {
        string written = (await PodspawnOci.Call(["run", "--runtime", runtime, "--rootfs", Repository.Busybox, "--shm-size", "2m", "--", "sh", "-c",
            "dd if=/dev/zero of=/dev/shm/x bs=64k count=100 2>/dev/null; wc -c < /dev/shm/x"])).Text.Trim();
        Assert.Equal(2 << 20, int.Parse(written, CultureInfo.InvariantCulture));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_parameter_is_the_containers_own(string runtime)
    {
        string before = (await File.ReadAllTextAsync("/proc/sys/kernel/msgmax")).Trim();
        Outcome inside = await PodspawnOci.Call(["run", "--runtime", runtime, "--rootfs", Repository.Busybox, "--sysctl", "kernel.msgmax=4321", "--sysctl", "net/core/somaxconn=321", "--",
            "cat", "/proc/sys/kernel/msgmax", "/proc/sys/net/core/somaxconn"]);
        Assert.Equal(["4321", "321"], inside.Succeeded().Lines);
        Assert.Equal(before, (await File.ReadAllTextAsync("/proc/sys/kernel/msgmax")).Trim());
    }

    [Fact]
    public async Task What_gvisor_does_not_do_is_refused_unless_it_is_let_go()
    {
        string[] run = ["run", "--runtime", "runsc", "--rootfs", Repository.Busybox, "--sysctl", "kernel.msgmax=4321", "--ulimit", "msgqueue=5", "--umask", "0027"];
        Outcome refused = await PodspawnOci.Call([.. run, "true"]);
        Assert.Equal(125, refused.Status);
        Assert.Contains("--sysctl: gvisor", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--ulimit: gvisor", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--umask: gvisor", refused.Error, StringComparison.Ordinal);
        Outcome waived = (await PodspawnOci.Call([.. run, "--allow-unenforced", "sysctl", "--allow-unenforced", "ulimit", "--allow-unenforced", "umask", "true"])).Succeeded();
        Assert.Contains("warning: sysctl: not enforced", waived.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Names_groups_time_and_variables_are_found_inside(string runtime)
    {
        string[] flags =
        [
            "--add-host", "web:192.0.2.7", "--dns", "192.0.2.53", "--dns-search", "example.org", "--dns-option", "ndots:3", "--tz", "Asia/Tokyo", "--group-add", "1234", "--unsetenv", "HOME",
            "-e", "KEPT=1",
        ];
        Outcome outcome = await PodspawnOci.Call(["run", "--runtime", runtime, "--rootfs", Repository.Busybox, .. flags, "--", "sh", "-c",
            "grep web /etc/hosts; cat /etc/resolv.conf; tail -n1 /etc/localtime; id -G; env | grep -c '^KEPT='; env | grep -c '^HOSTNAME='"]);
        Assert.Equal(["192.0.2.7\tweb", "search example.org", "nameserver 192.0.2.53", "options ndots:3", "JST-9", "0 1234", "1", "1"], outcome.Succeeded().Lines);
        await using Detached kept = await Detached.Run(runtime, flags, "sleep", "600");
        for (int turn = 0; turn < 2; turn++)
        {
            Assert.Equal("192.0.2.7\tweb", (await kept.Exec([], "grep", "web", "/etc/hosts")).Succeeded().Text.Trim());
            Assert.Equal("0 1234", (await kept.Exec([], "id", "-G")).Succeeded().Text.Trim());
            await kept.Do("restart", "--time", "0");
        }
    }

    [Fact]
    public async Task Variables_of_the_caller_come_by_one_flag_and_all_of_the_image_go_by_another()
    {
        string[] run = ["run", "--runtime", "crun", "--rootfs", Repository.Busybox];
        Outcome all = (await PodspawnOci.Call([.. run, "--env-host", "--", "sh", "-c", "env | wc -l"])).Succeeded();
        Assert.Contains("warning: env_host:", all.Error, StringComparison.Ordinal);
        Outcome none = (await PodspawnOci.Call([.. run, "--unsetenv-all", "-e", "A=b", "--", "/bin/sh", "-c", "env"])).Succeeded();
        Assert.Contains("A=b", none.Lines);
        Assert.DoesNotContain(none.Lines, line => line.StartsWith("HOSTNAME=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bad_values_leave_nothing_behind()
    {
        string name = Detached.NewName();
        foreach (string[] bad in new string[][] { ["--tz", "Nowhere/None"], ["--tz", "../../etc/passwd"], ["--ulimit", "x=1"], ["--group-add", "nosuch"], ["--annotation", "run.oci.handler=wasm"],
            ["--cpuset-cpus", "0-4000"], ["--sysctl", "kernel.core_pattern=|/x"], ["--health-interval", "5s"] })
        {
            Outcome outcome = await PodspawnOci.Call(["create", "--runtime", "crun", "--name", name, "--rootfs", Repository.Busybox, .. bad, "true"]);
            Assert.Equal((125, ""), (outcome.Status, outcome.Text));
            Assert.Contains("--", outcome.Error, StringComparison.Ordinal);
            Assert.False(File.Exists($"/run/podspawn-oci/names/{name}"));
        }
    }

    private static IEnumerable<string> Read(Detached kept, string controller, params string[] files) => files.Select(file => File.ReadAllText($"{kept.Cgroup(controller)}/{file}").Trim());
}
