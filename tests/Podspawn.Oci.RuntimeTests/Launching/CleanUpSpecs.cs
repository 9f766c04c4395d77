using System.Diagnostics;

namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>Nothing is left behind, and the user's directory stays unchanged.</summary>
public sealed class CleanUpSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_run_leaves_nothing(string runtime)
    {
        string name = $"plain-{runtime}";
        (await PodspawnOci.Probe(runtime, ["--name", name], "true")).Succeeded();
        await Leftovers.AssertNone(name);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task After_a_sigkill_at_any_moment_the_next_command_clears_up(string runtime)
    {
        for (int delay = 0; delay <= 240; delay += 20)
        {
            string name = $"shot-{runtime}-{delay}";
            using Process launcher = Process.Start(new ProcessStartInfo(
                Repository.Command, ["run", "--runtime", runtime, "--name", name, "--rootfs", Repository.Probe, "--", "sleep", "300"])
            {
                RedirectStandardError = true,
            })!;
            await Task.Delay(delay);
            launcher.Kill();
            await launcher.WaitForExitAsync();
            (await PodspawnOci.Call(["doctor"])).Succeeded();
            await Leftovers.AssertNone(name);
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_name_is_taken_while_its_container_runs_and_free_again_after_it_was_killed(string runtime)
    {
        string name = $"twice-{runtime}";
        string[] run = ["run", "--runtime", runtime, "--name", name, "--rootfs", Repository.Probe, "--", "sh", "-c", "echo up; sleep 300"];
        using Process first = Process.Start(new ProcessStartInfo(Repository.Command, run) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Assert.Equal("up", await first.StandardOutput.ReadLineAsync());
        Outcome second = await PodspawnOci.Call(run);
        Assert.Equal(125, second.Status);
        Assert.Contains($"a container named '{name}' is running", second.Error, StringComparison.Ordinal);
        first.Kill();
        await first.WaitForExitAsync();
        (await PodspawnOci.Probe(runtime, ["--name", name], "true")).Succeeded();
        await Leftovers.AssertNone(name);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_the_container_writes_is_discarded(string runtime)
    {
        string before = TreeFingerprint.Of(Repository.Probe);
        Outcome outcome = (await PodspawnOci.Probe(runtime, [],
            "sh", "-c", "rm -r /home /bin/ls; mkdir /new; echo x > /new/file; echo y > /etc/passwd; chmod 700 /etc; touch -d 2001-01-01 /var; cat /new/file")).Succeeded();
        Assert.Equal("x\n", outcome.Text);
        Assert.Equal(before, TreeFingerprint.Of(Repository.Probe));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task With_rootfs_writable_it_is_kept_and_no_file_of_ours_is_made(string runtime)
    {
        string root = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;
        try
        {
            Directory.CreateDirectory($"{root}/bin");
            Directory.CreateDirectory($"{root}/etc");
            File.Copy($"{Repository.Busybox}/bin/busybox", $"{root}/bin/busybox");
            (await PodspawnOci.Call(["run", "--runtime", runtime, "--rootfs-writable", "--rootfs", root, "/bin/busybox", "sh", "-c", "echo kept > /kept"])).Succeeded();
            Assert.Equal("kept\n", File.ReadAllText($"{root}/kept"));
            Assert.Empty(Directory.GetFileSystemEntries($"{root}/etc"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
