using System.Globalization;

namespace Podspawn.Oci.RuntimeTests.Runtimes;

/// <summary>Different behaviour of newer releases of the runtimes, by stand-ins that behave so, and by the flags and mounts on the installed ones.</summary>
public sealed class NewerRuntimeSpecs : IDisposable
{
    private const ulong NetRaw = 1 << 13; // CAP_NET_RAW (linux/capability.h)
    private const UnixFileMode Executable = (UnixFileMode)0x1ED;

    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task What_gvisor_leaves_beside_its_containers_starts_it_no_more()
    {
        using var runsc = Saboteur.LeavingNullNamespace();
        string name = Detached.NewName();
        (await PodspawnOci.Call(["run", "--runtime", runsc.Program, "--name", name, "--rootfs", Repository.Busybox, "--", "true"])).Succeeded();
        Assert.DoesNotContain(runsc.Calls, call => call.Contains("delete"));
        await Leftovers.AssertNone(name);
    }

    [Fact]
    public async Task Gvisor_lays_nothing_over_the_root_and_is_told_of_raw_sockets_only_where_they_are_granted()
    {
        using var runsc = Saboteur.LeavingNullNamespace();
        await using (Detached plain = await Detached.Run(runsc.Program, [], "sleep", "600"))
            (await plain.Exec([], "true")).Succeeded();
        int before = runsc.Calls.Count;
        Assert.All(runsc.Calls.Where(call => call.Length > 1), call => Assert.Contains("--overlay2=none", call));
        Assert.DoesNotContain(runsc.Calls, call => call.Contains("--net-raw"));
        await using (Detached raw = await Detached.Run(runsc.Program, ["--cap-add", "NET_RAW"], "sleep", "600"))
        {
            Assert.NotEqual(0UL, Mask((await raw.Exec([], "cat", "/proc/self/status")).Succeeded()) & NetRaw);
            (await raw.Do("restart", "--time", "0")).Succeeded();
        }
        Assert.All(runsc.Calls.Skip(before).Where(call => call.Any(word => word is "create" or "start" or "exec")), call => Assert.Contains("--net-raw", call));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Nothing_stays_of_a_detached_command_that_never_began(string runtime)
    {
        byte[] busybox = await File.ReadAllBytesAsync($"{Repository.Busybox}/bin/busybox");
        Write("cut-short", busybox[..64]);
        Write("no-interpreter", "#!/no/such/interpreter\n"u8.ToArray());
        Write("directory-as-interpreter", "#!/etc\n"u8.ToArray());
        Write("text-as-interpreter", "#!/etc/passwd\n"u8.ToArray());
        foreach ((string file, int status) in new[] { ("cut-short", 126), ("no-interpreter", 127), ("directory-as-interpreter", 126), ("text-as-interpreter", 126) })
        {
            string name = Detached.NewName();
            Outcome outcome = await PodspawnOci.Call(
                ["run", "--detach", "--runtime", runtime, "--name", name, "--rootfs", Repository.Busybox, "-v", $"{directory}:/v:ro", "--", $"/v/{file}"]);
            // The Sentry's message about a broken program cannot be interpreted.
            if (runtime != "runsc")
                Assert.Equal((file, status), (file, outcome.Status));
            Assert.NotEqual(0, outcome.Status);
            Assert.Contains(file, outcome.Error, StringComparison.Ordinal);
            Assert.False(File.Exists($"/run/podspawn-oci/names/{name}"));
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_sees_its_own_limits(string runtime)
    {
        Outcome outcome = await PodspawnOci.Call(
            ["run", "--runtime", runtime, "--memory", "64m", "--rootfs", Repository.Busybox, "--", "sh", "-c",
                "cat /sys/fs/cgroup/memory/memory.limit_in_bytes || cat /sys/fs/cgroup/memory.max; touch /sys/fs/cgroup/x"]);
        Assert.Equal("67108864\n", outcome.Text);
        Assert.Contains("Read-only file system", outcome.Error, StringComparison.Ordinal);
    }

    // Not every host can grant SYS_RESOURCE: the translator's tests cover it.
    [Theory]
    [InlineData("SYS_ADMIN")]
    [InlineData("ALL")]
    public async Task A_limit_on_processes_that_gvisor_would_lift_is_refused_unless_waived(string capability)
    {
        Outcome refused = await PodspawnOci.Probe("runsc", ["--cap-add", capability, "--pids-limit", "40"], "/probe/forks", "100");
        Assert.Equal(125, refused.Status);
        Assert.Contains("is not bound by the limit", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--allow-unenforced pids_limit", refused.Error, StringComparison.Ordinal);
        Outcome waived = await PodspawnOci.Probe("runsc", ["--cap-add", capability, "--pids-limit", "40", "--allow-unenforced", "pids_limit"], "/probe/forks", "100");
        Assert.Contains("created 100", waived.Text, StringComparison.Ordinal);
        Assert.Contains("not enforced", waived.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task A_masked_path_that_is_a_link_is_refused_with_its_name(string runtime)
    {
        string config = $"{directory}/config.yaml";
        await File.WriteAllTextAsync(config, "security:\n  masked_paths: [/proc/mounts]\n");
        Outcome outcome = await PodspawnOci.Probe(runtime, ["--config", config], "true");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("security.masked_paths[0]", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("symbolic link /proc/mounts", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runtime_newer_than_all_that_we_know_is_taken_for_the_newest()
    {
        using var runc = Saboteur.Saying("runc", "9.0.0");
        Outcome outcome = (await PodspawnOci.Call(["explain", "--runtime", runc.Program, "--tmpfs", "/tmp:mode=700", "--rootfs", Repository.Busybox, "--", "true"])).Succeeded();
        Assert.Contains("runc 9.0.0", outcome.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("not 700", outcome.Text, StringComparison.Ordinal);
        Outcome installed = (await PodspawnOci.Call(["explain", "--runtime", "runc", "--tmpfs", "/tmp:mode=700", "--rootfs", Repository.Busybox, "--", "true"])).Succeeded();
        Assert.Contains("not 700", installed.Text, StringComparison.Ordinal);
    }

    private static ulong Mask(Outcome status) => ulong.Parse(
        status.Lines.Single(line => line.StartsWith("CapEff:", StringComparison.Ordinal)).Split('\t')[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private void Write(string name, byte[] content)
    {
        File.WriteAllBytes($"{directory}/{name}", content);
        File.SetUnixFileMode($"{directory}/{name}", Executable);
    }
}
