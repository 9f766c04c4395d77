using Podspawn.Oci.RuntimeTests.Verification;

namespace Podspawn.Oci.RuntimeTests.Translation;

/// <summary>What the config asks for holds inside real containers.</summary>
public sealed class HardeningSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_default_config_leaves_six_capabilities(string runtime) => await Sets(runtime, "0x4cb");

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Dropping_all_leaves_none(string runtime) => await Sets(runtime, "0x0", "--cap-drop", "ALL");

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Dropping_all_and_adding_chown_leaves_only_chown(string runtime) =>
        await Sets(runtime, "0x1", "--cap-drop", "ALL", "--cap-add", "CAP_CHOWN");

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Adding_one_keeps_the_configs_own(string runtime) => await Sets(runtime, "0x24cb", "--cap-add", "net_raw");

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_user_who_is_not_root_has_no_effective_capability(string runtime)
    {
        Outcome outcome = (await PodspawnOci.Probe(runtime, ["-u", "app"], "/probe/caps")).Succeeded();
        Assert.Equal("0x0", Fact(outcome, "effective"));
        Assert.Equal("0x0", Fact(outcome, "permitted"));
        Assert.Equal("0x0", Fact(outcome, "ambient"));
        Assert.Equal("0x0", Fact(outcome, "inheritable"));
        Assert.Equal("0x4cb", Fact(outcome, "bounding"));
        Assert.Equal("1000", Fact(outcome, "uid"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_setuid_program_gains_nothing(string runtime)
    {
        Assert.Equal("1", Fact((await PodspawnOci.Probe(runtime, [], "/probe/caps")).Succeeded(), "no_new_privs"));
        Assert.Equal("1000", Fact((await PodspawnOci.Probe(runtime, ["-u", "app"], "/probe/setuid-probe")).Succeeded(), "euid"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Without_no_new_privileges_a_setuid_program_gains_and_a_warning_is_shown(string runtime)
    {
        Outcome outcome = (await PodspawnOci.Probe(runtime, ["-u", "app", "--security-opt", "no-new-privileges=false", "--security-opt", "seccomp=unconfined"],
            "/probe/setuid-probe")).Succeeded();
        Assert.Equal("0", Fact(outcome, "euid"));
        Assert.Contains("warning: security.no_new_privileges", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("warning: security.seccomp", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runc", 32)]
    [InlineData("runc", 128)]
    [InlineData("runc", 256)]
    [InlineData("crun", 32)]
    [InlineData("crun", 128)]
    [InlineData("crun", 256)]
    [InlineData("runsc", 32)]
    [InlineData("runsc", 128)]
    [InlineData("runsc", 256)]
    public async Task A_process_limit_is_exact_and_the_container_outlives_it(string runtime, int limit)
    {
        foreach (string probe in new[] { "/probe/forks", "/probe/threads" })
        {
            Outcome outcome = (await PodspawnOci.Probe(runtime, ["--pids-limit", $"{limit}"], probe, "400")).Succeeded();
            // The probe itself is the first of them.
            Assert.Equal(($"{limit - 1}", "EAGAIN", "yes"), (Fact(outcome, "created"), Fact(outcome, "errno"), Fact(outcome, "alive")));
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_read_only_root_refuses_writes_and_its_tmpfs_takes_them(string runtime)
    {
        Outcome outcome = (await PodspawnOci.Probe(runtime, ["--read-only", "--tmpfs", "/run:size=1m"], "/probe/writable")).Succeeded();
        Assert.Equal("EROFS", Fact(outcome, "/"));
        Assert.Equal("yes", Fact(outcome, "/run"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_tmpfs_holds_no_more_than_its_size_and_runs_no_programs(string runtime)
    {
        Outcome full = (await PodspawnOci.Probe(runtime, ["--tmpfs", "/mnt/t:size=3m"], "/probe/fill", "/mnt/t")).Succeeded();
        Assert.Equal("ENOSPC", Fact(full, "errno"));
        Assert.InRange(long.Parse(Fact(full, "bytes"), System.Globalization.CultureInfo.InvariantCulture), 2 << 20, 3 << 20);
        Assert.Equal("EACCES", Fact((await PodspawnOci.Probe(runtime, ["--tmpfs", "/mnt/t:size=8m"], "/probe/noexec", "/mnt/t")).Succeeded(), "exec"));
        Assert.Equal("ok", Fact((await PodspawnOci.Probe(runtime, ["--tmpfs", "/mnt/t:size=8m,exec"], "/probe/noexec", "/mnt/t")).Succeeded(), "exec"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task The_seccomp_filter_blocks_what_no_capability_guards(string runtime)
    {
        string[] blocked = ["mount-nowhere", "umount2", "unshare-user", "keyctl", "add_key", "bpf", "userfaultfd"];
        Outcome outcome = (await PodspawnOci.Probe(runtime, ["--cap-drop", "ALL"], ["/probe/try", .. blocked, "clone3", "socket-af-alg"])).Succeeded();
        Assert.All(blocked, name => Assert.Equal("EPERM", Fact(outcome, name)));
        Assert.Equal("ENOSYS", Fact(outcome, "clone3"));
        Assert.Equal("EPERM", Fact(outcome, "socket-af-alg"));
        Assert.Equal("2", Fact((await PodspawnOci.Probe(runtime, [], "/probe/caps")).Succeeded(), "seccomp"));

        Outcome open = (await PodspawnOci.Probe(runtime, ["--cap-drop", "ALL", "--security-opt", "seccomp=unconfined"], "/probe/try", "unshare-user", "clone3")).Succeeded();
        Assert.NotEqual("ENOSYS", Fact(open, "clone3"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Sockets_that_reach_past_the_network_namespace_are_refused(string runtime)
    {
        string[] refused = ["socket-af-alg", "socket-af-vsock", "socket-af-vsock-high", "socket-af-x25", "socket-af-tipc", "socket-af-rxrpc", "socket-af-can"];
        string[] open = ["socket-unix", "socket-inet6", "socket-netlink"];
        Outcome outcome = (await PodspawnOci.Probe(runtime, [], ["/probe/try", .. refused, .. open, "socketcall-af-vsock", "socketcall-af-alg"])).Succeeded();
        Assert.All(refused, name => Assert.Equal("EPERM", Fact(outcome, name)));
        Assert.All(open, name => Assert.Equal("ok", Fact(outcome, name)));
        // Called as a 32-bit program would, which any program can do where the kernel has that entry.
        string notThere = I386Entry.Exists ? "ENOSYS" : "killed-SEGV";
        Assert.Equal(notThere, Fact(outcome, "socketcall-af-vsock"));
        Assert.Equal(notThere, Fact(outcome, "socketcall-af-alg"));

        Outcome administers = (await PodspawnOci.Probe(runtime, ["--cap-add", "NET_ADMIN"], ["/probe/try", .. refused, "socketcall-af-vsock"])).Succeeded();
        Assert.Equal(["EPERM", "EPERM", "EPERM"], refused[..3].Select(name => Fact(administers, name)));
        Assert.Equal(notThere, Fact(administers, "socketcall-af-vsock"));
    }

    // The C library's select is the call pselect6, which gVisor had under another name.
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_program_waits_by_select(string runtime) => (await PodspawnOci.Call(
        ["run", "--runtime", runtime, "--rootfs", Repository.Languages, "--", "python3", "-c", "import select; select.select([], [], [], 0.01)"])).Succeeded();

    [Fact]
    public async Task Under_gvisor_the_sentry_has_no_such_sockets()
    {
        // Not by socketcall: it takes the number of a 32-bit call for that of another call.
        string[] names = ["socket-af-alg", "socket-af-vsock"];
        Outcome outcome = (await PodspawnOci.Probe("runsc", [], ["/probe/try", .. names])).Succeeded();
        Assert.All(names, name => Assert.NotEqual("ok", Fact(outcome, name)));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_seccomp_profile_that_allows_by_default_is_warned_of_and_a_misspelt_call_in_it_refused(string runtime)
    {
        string profile = Path.GetTempFileName();
        try
        {
            File.WriteAllText(profile, """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["keyctl"],"action":"SCMP_ACT_ERRNO"}]}""");
            string[] flags = ["--security-opt", $"seccomp={profile}"];
            Outcome weak = (await PodspawnOci.Probe(runtime, flags, "/probe/try", "keyctl")).Succeeded();
            Assert.Equal("EPERM", Fact(weak, "keyctl"));
            Assert.Contains($"warning: security.seccomp: {profile}: the default action SCMP_ACT_ALLOW lets every call pass", weak.Error, StringComparison.Ordinal);

            File.WriteAllText(profile, """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["keyclt"],"action":"SCMP_ACT_ERRNO"}]}""");
            Outcome misspelt = await PodspawnOci.Probe(runtime, flags, "/probe/try", "keyctl");
            Assert.Equal(125, misspelt.Status);
            Assert.Contains($"{profile}:1:57: no system call 'keyclt' is known", misspelt.Error, StringComparison.Ordinal);
            Assert.Contains("did you mean keyctl?", misspelt.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(profile);
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Chroot_is_open_only_with_its_capability(string runtime)
    {
        Assert.Equal("EPERM", Fact((await PodspawnOci.Probe(runtime, [], "/probe/try", "chroot")).Succeeded(), "chroot"));
        Assert.Equal("ok", Fact((await PodspawnOci.Probe(runtime, ["--cap-add", "SYS_CHROOT"], "/probe/try", "chroot")).Succeeded(), "chroot"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Masked_paths_are_empty_and_kernel_parameters_read_only(string runtime)
    {
        Outcome outcome = (await PodspawnOci.Probe(runtime, [], "sh", "-c",
            "wc -c < /proc/timer_list; ls /sys/firmware | wc -l; (echo 1 > /proc/sys/kernel/hostname) 2>&1 | grep -c Read-only; (mkdir /sys/fs/cgroup/x) 2>&1 | grep -c " +
                "Read-only")).Succeeded();
        Assert.Equal(["0", "0", "1", "1"], outcome.Lines.Select(line => line.Trim()));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_network_is_nothing_but_loopback(string runtime)
    {
        Outcome outcome = (await PodspawnOci.Probe(runtime, [], "sh", "-c", "cat /proc/net/dev | grep -c :")).Succeeded();
        Assert.InRange(int.Parse(outcome.Text.Trim(), System.Globalization.CultureInfo.InvariantCulture), 0, 1);
    }

    [Fact]
    public async Task The_locked_down_example_of_the_reference_holds()
    {
        string config = VerifyRun.Config("locked-down");
        string[] run = ["run", "--config", config, "--rootfs", Repository.Probe, "--"];
        Assert.Equal("0xcb", Fact((await PodspawnOci.Call([.. run, "/probe/caps"])).Succeeded(), "bounding"));
        Assert.Equal("127", Fact((await PodspawnOci.Call([.. run, "/probe/forks", "300"])).Succeeded(), "created"));
        Outcome writable = (await PodspawnOci.Call([.. run, "/probe/writable"])).Succeeded();
        Assert.Equal(("EROFS", "yes", "yes"), (Fact(writable, "/"), Fact(writable, "/tmp"), Fact(writable, "/run")));
        Outcome full = (await PodspawnOci.Call([.. run, "/probe/fill", "/run"])).Succeeded();
        Assert.InRange(long.Parse(Fact(full, "bytes"), System.Globalization.CultureInfo.InvariantCulture), 63 << 20, 64 << 20);
        Outcome kernel = (await PodspawnOci.Call([.. run, "ls", "/proc"])).Succeeded();
        Assert.Contains("sentry-meminfo", kernel.Text, StringComparison.Ordinal);
    }

    private static async Task Sets(string runtime, string mask, params string[] flags)
    {
        Outcome outcome = (await PodspawnOci.Probe(runtime, flags, "/probe/caps")).Succeeded();
        Assert.Equal((mask, mask, mask), (Fact(outcome, "bounding"), Fact(outcome, "permitted"), Fact(outcome, "effective")));
        Assert.Equal(("0x0", "0x0"), (Fact(outcome, "inheritable"), Fact(outcome, "ambient")));
    }

    private static string Fact(Outcome outcome, string name) =>
        outcome.Lines.FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal))?[(name.Length + 1)..]
        ?? throw new InvalidOperationException($"the probe told nothing of '{name}':\n{outcome.Text}\n{outcome.Error}");
}
