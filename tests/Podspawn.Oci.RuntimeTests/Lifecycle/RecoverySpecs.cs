using System.Diagnostics;
using CliWrap;
using CliWrap.Buffered;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>After a kill, a full disk or a loss, every container is still accounted for.</summary>
public class RecoverySpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_outlives_its_monitor_and_is_told_to_have_none(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, [], "sleep", "1000");
        int monitor = await kept.MonitorPid();
        Kill(monitor);
        await Gone(monitor);
        Assert.Equal("running", await kept.Status());
        Assert.Contains("(no monitor)", (await PodspawnOci.Call(["ps", "--filter", $"id={kept.Id}"])).Succeeded().Text, StringComparison.Ordinal);
        await kept.Do("stop", "--time", "0");
        Assert.Equal("exited", await kept.Status());
        Assert.Equal(255, (await kept.State()).GetProperty("ExitCode").GetInt32());
        Assert.Contains("monitor was killed", (await kept.State()).GetProperty("Error").GetString(), StringComparison.Ordinal);
        // The container can be started again.
        await kept.Do("start");
        Assert.Equal("running", await kept.Status());
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_killed_process_is_an_end_with_137(string runtime)
    {
        // Under gVisor this is the Sentry.
        await using Detached kept = await Detached.Run(runtime, [], "sleep", "1000");
        Kill(await kept.Pid());
        Assert.Equal("137", (await kept.Do("wait")).Lines.Single());
        await kept.UntilStatus("exited");
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Monitor_and_process_killed_at_once_leave_nothing_but_the_container(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, [], "sleep", "1000");
        (int monitor, int process) = (await kept.MonitorPid(), await kept.Pid());
        Kill(monitor);
        Kill(process);
        await kept.UntilStatus("exited");
        await Leftovers.AssertNone(kept.Id, $"/run/podspawn-oci/containers/{kept.Id}", kept.Layer);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_a_reboot_leaves_is_cleared_away(string runtime)
    {
        await using World world = await World.Make();
        string id = (await world.Call("run", "--detach", "--runtime", runtime, "--name", "before", "--rootfs", Repository.Busybox, "--", "sleep", "1000")).Succeeded()
            .Lines.Single();
        int pid = int.Parse((await world.Shell("jq -r .process.pid /run/podspawn-oci/containers/*/state.json")).Text, System.Globalization.CultureInfo.InvariantCulture);
        int monitor = int.Parse((await world.Shell("cat /run/podspawn-oci/containers/*/conmon.pid")).Text, System.Globalization.CultureInfo.InvariantCulture);
        // A reboot ends every process and empties /run; cgroups and mounts belong to the kernel, and disappear with it.
        Kill(monitor);
        Kill(pid);
        await Gone(pid);
        await world.Shell("rm -rf /run/podspawn-oci/*");
        await world.Reboot();
        foreach (string cgroup in Leftovers.CgroupsOf(id).ToList())
            await Removed(cgroup);
        Assert.Empty((await world.Call("ps", "--all", "--quiet")).Succeeded().Lines);
        Assert.Equal("", (await world.Shell("ls /var/lib/podspawn-oci/scratch /run/podspawn-oci/containers 2>/dev/null | grep -v : || true")).Text.Trim());
        (await world.Call("run", "--detach", "--runtime", runtime, "--name", "before", "--rootfs", Repository.Busybox, "--", "true")).Succeeded();
        (await world.Call("rm", "--force", "before")).Succeeded();
        await Leftovers.AssertNone(id);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_outlives_a_boot_has_ended_with_it_and_can_be_started_again(string runtime)
    {
        await using World world = await World.Make();
        string id = (await world.Call("run", "--detach", "--runtime", runtime, "--name", "before", "--rootfs", Repository.Busybox, "--", "sh", "-c",
            "echo kept >>/kept; cat /kept; exec sleep 1000")).Succeeded().Lines.Single();
        await Eventually.Holds("the container has written", async () => (await world.Call("logs", "before")).Text == "kept\n");
        int pid = int.Parse((await world.Shell("jq -r .process.pid /run/podspawn-oci/containers/*/state.json")).Text, System.Globalization.CultureInfo.InvariantCulture);
        int monitor = int.Parse((await world.Shell("cat /run/podspawn-oci/containers/*/conmon.pid")).Text, System.Globalization.CultureInfo.InvariantCulture);
        Kill(monitor);
        Kill(pid);
        await Gone(pid);
        await world.Reboot();
        foreach (string cgroup in Leftovers.CgroupsOf(id).ToList())
            await Removed(cgroup);
        Assert.Equal([id], (await world.Call("ps", "--all", "--quiet", "--no-trunc", "--filter", "status=exited")).Succeeded().Lines);
        Assert.Equal("kept\n", (await world.Call("logs", "before")).Succeeded().Text);
        (await world.Call("start", "before")).Succeeded();
        await Eventually.Holds("it has what it wrote before", async () => (await world.Call("logs", "before")).Text.EndsWith("kept\nkept\n", StringComparison.Ordinal));
        (await world.Call("rm", "--force", "before")).Succeeded();
        Assert.Equal("", (await world.Shell("ls /run/podspawn-oci/containers /run/podspawn-oci/names /var/lib/podspawn-oci/scratch/* | grep -v : || true")).Text.Trim());
        await Leftovers.AssertNone(id);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_name_whose_container_never_came_to_be_is_free_again(string runtime)
    {
        await using World world = await World.Make();
        (await world.Call("run", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "true")).Succeeded();
        int refused = 0;
        for (int pages = 0; pages <= 40; pages++)
        {
            // Exactly this much free space: the disk is full at another step each time.
            await world.Shell($"dd if=/dev/zero of=/run/podspawn-oci/filler bs=4096 2>/dev/null; truncate -s -$(({pages} * 4096)) /run/podspawn-oci/filler");
            Outcome made = await world.Call("create", "--name", "web", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "true");
            string left = (await world.Shell("ls -A /run/podspawn-oci/containers /run/podspawn-oci/names /var/lib/podspawn-oci/scratch/* | grep -v : || true")).Text.Trim();
            await world.Shell("rm /run/podspawn-oci/filler");
            if (made.Status == 0)
            {
                (await world.Call("rm", "web")).Succeeded();
                break;
            }
            refused++;
            Assert.Equal("", left);
        }
        Assert.InRange(refused, 2, 40);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_full_run_directory_is_an_error_that_leaves_nothing(string runtime)
    {
        await using World world = await World.Make();
        (await world.Call("run", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "true")).Succeeded();
        await world.Shell("dd if=/dev/zero of=/run/podspawn-oci/filler bs=4096 2>/dev/null || true");
        foreach (string[] words in new string[][] { ["create"], ["run", "--detach"] })
        {
            Outcome full = await world.Call([.. words, "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "sleep", "1000"]);
            Assert.Equal(125, full.Status);
            Assert.Contains("podspawn-oci: ", full.Error, StringComparison.Ordinal);
        }
        await world.Shell("rm /run/podspawn-oci/filler");
        Assert.Empty((await world.Call("ps", "--all", "--quiet")).Succeeded().Lines);
        Assert.Equal("", (await world.Shell("ls /run/podspawn-oci/containers /run/podspawn-oci/names /var/lib/podspawn-oci/scratch/* | grep -v : || true")).Text.Trim());
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_container_that_ends_while_the_run_directory_is_full_is_settled_later(string runtime)
    {
        await using World world = await World.Make();
        string id = (await world.Call("run", "--detach", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "sleep", "1000")).Succeeded().Lines.Single();
        await world.Shell("dd if=/dev/zero of=/run/podspawn-oci/filler bs=4096 2>/dev/null || true");
        Outcome stopped = await world.Call("stop", "--time", "0", id);
        await world.Shell("rm /run/podspawn-oci/filler");
        // Whether or not there was room for the exit status: the container is not reported as running, and it can be removed.
        Assert.Contains(stopped.Status, new[] { 0, 1, 125 });
        string[] exited = [];
        await Eventually.Holds("it is said to have exited", async () =>
            (exited = (await world.Call("ps", "--all", "--quiet", "--no-trunc", "--filter", "status=exited")).Succeeded().Lines).Length > 0);
        Assert.Equal([id], exited);
        (await world.Call("rm", id)).Succeeded();
        await Leftovers.AssertNone(id);
    }

    [Fact]
    public async Task A_read_only_state_directory_is_an_error_that_says_so()
    {
        await using World world = await World.Make();
        (await world.Call("run", "--rootfs", Repository.Busybox, "--", "true")).Succeeded();
        string id = (await world.Call("create", "--rootfs", Repository.Busybox, "--", "true")).Succeeded().Lines.Single();
        await world.Shell("mount -o remount,ro /run/podspawn-oci");
        foreach (string[] words in new string[][] { ["create", "--rootfs", Repository.Busybox, "--", "true"], ["start", id], ["rm", id], ["rename", id, "other"] })
        {
            Outcome refused = await world.Call(words);
            Assert.NotEqual(0, refused.Status);
            Assert.Contains("Read-only file system", refused.Error, StringComparison.Ordinal);
        }
        Assert.Equal(id, (await world.Call("ps", "--all", "--quiet", "--no-trunc")).Succeeded().Lines.Single());
        await world.Shell("mount -o remount,rw /run/podspawn-oci");
        (await world.Call("rm", id)).Succeeded();
    }

    private static void Kill(int pid) => Process.GetProcessById(pid).Kill();

    private static async Task Gone(int pid)
    {
        for (DateTime end = DateTime.UtcNow.AddSeconds(10); Directory.Exists($"/proc/{pid}/fd") && DateTime.UtcNow < end;)
            await Task.Delay(10);
    }

    private static async Task Removed(string cgroup)
    {
        for (DateTime end = DateTime.UtcNow.AddSeconds(10); Directory.Exists(cgroup) && DateTime.UtcNow < end; await Task.Delay(10))
            await Cli.Wrap("rmdir").WithArguments([cgroup]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        Assert.False(Directory.Exists(cgroup));
    }
}
