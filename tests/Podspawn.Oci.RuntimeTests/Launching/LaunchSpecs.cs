using System.Text.Json;

namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>The flags of run, and the verbs that show what it would do.</summary>
public sealed class LaunchSpecs : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Environment_directory_user_and_host_name_are_the_callers(string runtime)
    {
        File.WriteAllText($"{directory}/env", "FROM_FILE=1\n");
        Outcome outcome = (await PodspawnOci.Probe(runtime,
            ["-e", "GREETING=hello world", "--env-file", $"{directory}/env", "-w", "/var", "-u", "app:extra", "--hostname", "box"],
            "sh", "-c", "echo $GREETING $FROM_FILE; pwd; id -u; id -g; hostname; echo $HOME")).Succeeded();
        Assert.Equal(["hello world 1", "/var", "1000", "2000", "box", "/home/app"], outcome.Lines);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Volumes_are_mounted_and_read_only_ones_refuse_writes(string runtime)
    {
        (await PodspawnOci.Probe(runtime, ["-v", $"{directory}:/mnt/rw"], "sh", "-c", "echo written > /mnt/rw/file")).Succeeded();
        Assert.Equal("written\n", File.ReadAllText($"{directory}/file"));
        Outcome refused = await PodspawnOci.Probe(runtime, ["-v", $"{directory}:/mnt/ro:ro"], "sh", "-c", "cat /mnt/ro/file; echo x > /mnt/ro/other");
        Assert.Equal("written\n", refused.Text);
        Assert.NotEqual(0, refused.Status);
        Assert.False(File.Exists($"{directory}/other"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task The_hosts_network_is_there_only_when_asked_for(string runtime)
    {
        Outcome host = (await PodspawnOci.Probe(runtime, ["--network", "host"], "readlink", "/proc/self/ns/net")).Succeeded();
        Outcome none = (await PodspawnOci.Probe(runtime, [], "readlink", "/proc/self/ns/net")).Succeeded();
        string mine = new FileInfo("/proc/self/ns/net").LinkTarget!;
        Assert.Equal(mine, host.Text.Trim());
        Assert.NotEqual(mine, none.Text.Trim());
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Memory_and_cpus_become_limits_of_the_cgroup(string runtime)
    {
        string script = "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/cpu.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/cpu/cpu.cfs_quota_us";
        Outcome outcome = (await PodspawnOci.Probe(runtime, ["--memory", "96m", "--cpus", "0.5"], "sh", "-c", script)).Succeeded();
        Assert.Equal("100663296", outcome.Lines[0]);
        Assert.StartsWith("50000", outcome.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spec_runs_under_the_raw_runtime()
    {
        Outcome spec = (await PodspawnOci.Call(["spec", "--rootfs", Repository.Probe, "--", "/probe/caps"])).Succeeded();
        File.WriteAllBytes($"{directory}/config.json", spec.Output);
        using var output = new MemoryStream();
        CliWrap.CommandResult result = await CliWrap.Cli.Wrap("runc").WithArguments(["--root", $"{directory}/state", "run", "--bundle", directory, "from-spec"])
            .WithStandardOutputPipe(CliWrap.PipeTarget.ToStream(output)).ExecuteAsync();
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("effective 0x4cb", System.Text.Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_bundle_is_hardened_and_cannot_widen_the_config(string runtime)
    {
        Directory.CreateSymbolicLink($"{directory}/rootfs", Repository.Probe);
        File.WriteAllText($"{directory}/config.json", """
            {"ociVersion":"1.0.2","root":{"path":"rootfs"},"hostname":"from-bundle","mounts":[{"destination":"/mnt/t","type":"tmpfs","source":"tmpfs","options":["size=1m"]}],
             "process":{"args":["sh","-c","hostname; /probe/caps; /probe/fill /mnt/t"],"cwd":"/","env":["PATH=/bin"],"user":{"uid":0,"gid":0},
               "capabilities":{"bounding":["CAP_CHOWN","CAP_SYS_ADMIN"],"effective":["CAP_CHOWN","CAP_SYS_ADMIN"],"permitted":["CAP_CHOWN","CAP_SYS_ADMIN"]}},
             "linux":{"namespaces":[],"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[]}}}
            """);
        Outcome outcome = (await PodspawnOci.Call(["run", "--runtime", runtime, "--bundle", directory])).Succeeded();
        Assert.Contains("from-bundle", outcome.Lines);
        Assert.Contains("effective 0x1", outcome.Lines);
        Assert.Contains("bounding 0x1", outcome.Lines);
        Assert.Contains("no_new_privs 1", outcome.Lines);
        Assert.Contains("errno ENOSPC", outcome.Lines);
        Assert.Contains("bundle.seccomp", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_tells_value_origin_place_and_enforcer_as_json()
    {
        File.WriteAllText($"{directory}/config.yaml", "security:\n  pids_limit: 99\n");
        Outcome outcome = (await PodspawnOci.Call(["explain", "--config", $"{directory}/config.yaml", "--read-only", "--runtime", "runsc", "--format", "json"])).Succeeded();
        using JsonDocument report = JsonDocument.Parse(outcome.Output);
        JsonElement Field(string key) => report.RootElement.GetProperty("fields").EnumerateArray().Single(field => field.GetProperty("key").GetString() == key);
        Assert.Equal("99", Field("security.pids_limit").GetProperty("value").GetString());
        Assert.Equal($"{directory}/config.yaml:2:15", Field("security.pids_limit").GetProperty("origin").GetString());
        Assert.Equal("differently", Field("security.pids_limit").GetProperty("enforcement").GetString());
        Assert.Equal("sentry", Field("security.pids_limit").GetProperty("enforcedBy").GetString());
        Assert.Equal("--read-only", Field("security.readonly_rootfs").GetProperty("origin").GetString());
        Assert.Equal("default", Field("security.cap_add").GetProperty("origin").GetString());
        Assert.Contains("/root/readonly", Field("security.readonly_rootfs").GetProperty("specPaths").EnumerateArray().Select(path => path.GetString()));
    }

    [Fact]
    public async Task Check_prints_every_error_and_says_ok_of_a_good_file()
    {
        File.WriteAllText($"{directory}/bad.yaml", "security:\n  cap_add: [CHWON]\n  tmpfs: {relative: ''}\n");
        File.WriteAllText($"{directory}/good.yaml", "security:\n  pids_limit: 5\n");
        Outcome outcome = await PodspawnOci.Call(["check", $"{directory}/bad.yaml", $"{directory}/good.yaml"]);
        Assert.Equal(1, outcome.Status);
        Assert.Contains("bad.yaml:2:13", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("bad.yaml:3:11", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("good.yaml: ok", outcome.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_finds_all_three_runtimes_and_every_verb_has_help_with_examples()
    {
        Outcome doctor = (await PodspawnOci.Call(["doctor"])).Succeeded();
        Assert.All(new[] { "runc", "crun", "runsc", "cgroup layout", "overlayfs", "seccomp", "conmon", "init" },
            word => Assert.Contains(word, doctor.Text, StringComparison.Ordinal));
        foreach (string verb in new[]
        {
            "run", "spec", "explain", "check", "doctor", "completion", "create", "start", "stop", "restart", "kill", "wait", "rename", "rm", "ps", "inspect", "gc", "exec",
                "attach",
            "logs", "cp", "diff", "events", "pause", "unpause", "update", "top", "stats", "prune", "export", "mount", "unmount", "umount",
        })
            Assert.Contains("Examples:", (await PodspawnOci.Call([verb, "--help"])).Succeeded().Text, StringComparison.Ordinal);
        Assert.Contains("--rootfs-writable", (await PodspawnOci.Call(["[suggest:22]", "podspawn-oci run --roo"])).Succeeded().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flags_after_the_command_are_the_commands()
    {
        Outcome outcome = (await PodspawnOci.Call(["run", "--rootfs", Repository.Probe, "echo", "-t", "--read-only", "--", "-x"])).Succeeded();
        Assert.Equal("-t --read-only -- -x\n", outcome.Text);
    }
}
