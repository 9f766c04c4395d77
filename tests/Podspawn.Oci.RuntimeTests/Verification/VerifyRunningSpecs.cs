using System.Diagnostics;
using Podspawn.Oci.Verification.Findings;
using Podspawn.Oci.Verification.Reports;

namespace Podspawn.Oci.RuntimeTests.Verification;

/// <summary><c>verify NAME</c>: a running container is observed from the host.</summary>
public sealed class VerifyRunningSpecs
{
    [Theory]
    [InlineData("runc", "default")]
    [InlineData("runc", "locked-down")]
    [InlineData("runc", "wide-open")]
    [InlineData("crun", "default")]
    [InlineData("crun", "locked-down")]
    [InlineData("crun", "wide-open")]
    public async Task What_it_was_launched_with_holds(string runtime, string config) =>
        await WhileRunning(runtime, $"held-{runtime}-{config}", config, async name =>
        {
            (_, VerificationReport report) = await VerifyRun.Of(name);
            Assert.Empty(report.Shortfalls());
            Assert.Equal(FindingNames.All.Where(finding => finding != "privileged_calls"), report.Findings.Select(finding => finding.Name));
            Assert.Equal(Vantage.Outside, report.Looked);
        });

    [Theory]
    [InlineData("runc", "pids", "pids.max", "pids.max", "max", "pids_limit")]
    [InlineData("crun", "pids", "pids.max", "pids.max", "max", "pids_limit")]
    [InlineData("runsc", "pids", "pids.max", "pids.max", "max", "pids_limit")]
    [InlineData("runc", "cpu", "cpu.cfs_quota_us", "cpu.max", "-1", "cpus")]
    [InlineData("crun", "cpu", "cpu.cfs_quota_us", "cpu.max", "-1", "cpus")]
    [InlineData("runsc", "cpu", "cpu.cfs_quota_us", "cpu.max", "-1", "cpus")]
    [InlineData("runc", "memory", "memory.limit_in_bytes", "memory.max", "-1", "memory")]
    [InlineData("crun", "memory", "memory.limit_in_bytes", "memory.max", "-1", "memory")]
    [InlineData("runsc", "memory", "memory.limit_in_bytes", "memory.max", "-1", "memory")]
    public async Task A_limit_that_is_lifted_later_is_noticed(string runtime, string controller, string file, string unified, string value, string finding) =>
        await WhileRunning(runtime, $"lifted-{runtime}-{controller}", "default", async name =>
        {
            (_, VerificationReport before) = await VerifyRun.Of("--only", "cpus,memory", name);
            Assert.Empty(before.Shortfalls());
            bool old = Directory.Exists($"/sys/fs/cgroup/{controller}");
            string cgroup = Leftovers.CgroupsOf(name)
                .Single(path => path.StartsWith(old ? $"/sys/fs/cgroup/{controller}/" : "/sys/fs/cgroup/podspawn-oci-", StringComparison.Ordinal));
            // Version 1 requires the limit of memory and swap to be at least that of memory.
            if (File.Exists($"{cgroup}/memory.memsw.limit_in_bytes"))
                await File.WriteAllTextAsync($"{cgroup}/memory.memsw.limit_in_bytes", value);
            await File.WriteAllTextAsync($"{cgroup}/{(old ? file : unified)}", old ? value : "max");
            (int status, VerificationReport after) = await VerifyRun.Of("--only", finding, name);
            Assert.Equal(1, status);
            Assert.Contains(after.Shortfalls(), line => line.Contains(controller == "pids" ? "pids.max max" : "unlimited", StringComparison.Ordinal));
        });

    [Theory]
    [InlineData("readonly_rootfs: outside: / is mounted read-write, asked for read-only", "mount -o remount,bind,rw /")]
    [InlineData("readonly_rootfs: /etc is mounted read-write", "mount -t tmpfs none /etc")]
    [InlineData("tmpfs: /tmp is mounted without noexec", "mount -o remount,bind,exec,nosuid,nodev /tmp")]
    [InlineData("tmpfs: /tmp is not mounted with size=262144k", "mount -o remount,size=512m /tmp")]
    [InlineData("tmpfs: /run was not to be seen: nothing is mounted there", "umount /run")]
    [InlineData("masked_paths: /proc/timer_list is not masked", "umount /proc/timer_list")]
    [InlineData("readonly_paths: /proc/sys is not read-only", "umount /proc/sys")]
    public async Task A_mount_that_is_changed_later_is_noticed(string shortfall, string command)
    {
        foreach (string runtime in new[] { "runc", "crun" })
        {
            await WhileRunning(runtime, $"changed-{runtime}", "locked-down", async name =>
            {
                string pid = (await File.ReadAllTextAsync($"{Leftovers.DirectoryOf(name)}/pid")).Trim();
                using Process change = Process.Start("nsenter", ["-t", pid, "-m", "-p", "--", .. command.Split(' ')]);
                await change.WaitForExitAsync();
                Assert.Equal(0, change.ExitCode);
                (_, VerificationReport report) = await VerifyRun.Of(name);
                Assert.Contains(shortfall, report.Shortfalls());
                Assert.Single(report.Findings, finding => finding.Result == FindingResult.FallsShort);
            });
        }
    }

    [Fact]
    public async Task What_cannot_be_seen_of_gvisor_falls_short_and_says_why() =>
        await WhileRunning("runsc", "unseen-runsc", "locked-down", async name =>
        {
            (_, VerificationReport report) = await VerifyRun.Of(name);
            Finding[] unseen = [.. report.Findings.Where(finding => finding.Result == FindingResult.FallsShort)];
            Assert.Equal(["capabilities", "no_new_privileges", "pids_limit", "readonly_rootfs", "tmpfs", "seccomp", "process_limits", "shared_memory"],
                unseen.Select(finding => finding.Name));
            Assert.All(unseen.SelectMany(finding => finding.Shortfalls), line =>
            {
                Assert.Contains("was not to be seen", line, StringComparison.Ordinal);
                Assert.EndsWith("verify without a name launches a probe", line, StringComparison.Ordinal);
            });
        });

    [Theory]
    [InlineData("--read-only")]
    [InlineData("--runtime", "crun")]
    [InlineData("--pids-limit", "7")]
    [InlineData("--time-limit", "7")]
    public async Task A_flag_beside_a_name_is_refused(params string[] flag)
    {
        Outcome outcome = await PodspawnOci.Call(["verify", .. flag, "somebody"]);
        Assert.Equal(125, outcome.Status);
        Assert.Contains($"{flag[0]}: a running container is held against what it was launched with", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runc")]
    [InlineData("crun")]
    public async Task A_container_whose_runtime_has_not_yet_written_its_process_id_is_there(string runtime)
    {
        string name = $"early-{runtime}", archive = Path.GetTempFileName();
        using var late = Saboteur.WithLatePid(runtime);
        using Process launcher = Process.Start(new ProcessStartInfo(
            Repository.Command, ["run", "-i", "--runtime", late.Program, "--name", name, "--rootfs", Repository.Busybox, "--", "sh", "-c", "echo up; read word"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.Equal("up", await launcher.StandardOutput.ReadLineAsync());
            (await PodspawnOci.Call(["export", "--output", archive, name])).Succeeded();
            Task<Outcome> verify = PodspawnOci.Call(["verify", "--only", "seccomp", name]);
            Assert.False(File.Exists($"{Leftovers.DirectoryOf(name)}/pid"));
            late.Release();
            (await verify).Succeeded();
        }
        finally
        {
            late.Release();
            launcher.StandardInput.Close();
            await launcher.WaitForExitAsync();
            File.Delete(archive);
        }
        Assert.Equal(125, (await PodspawnOci.Call(["verify", name])).Status);
        await Leftovers.AssertNone(name);
    }

    private static async Task WhileRunning(string runtime, string name, string config, Func<string, Task> look)
    {
        using Process launcher = Process.Start(new ProcessStartInfo(
            Repository.Command,
            ["run", "--runtime", runtime, "--config", VerifyRun.Config(config), "--name", name, "--rootfs", Repository.Probe, "--", "sh", "-c", "echo up; sleep 300"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            Assert.Equal("up", await launcher.StandardOutput.ReadLineAsync());
            // The runtime writes its process's number at some moment, perhaps after the container's first output.
            await Eventually.Is(true, () => new FileInfo($"{Leftovers.DirectoryOf(name)}/pid") is { Exists: true, Length: > 0 });
            await look(name);
        }
        finally
        {
            launcher.Kill();
            await launcher.WaitForExitAsync();
            await PodspawnOci.Call(["doctor"]);
        }
        await Leftovers.AssertNone(name);
    }
}
