using System.Diagnostics;
using CliWrap;
using CliWrap.Buffered;

namespace Podspawn.Oci.RuntimeTests.State;

/// <summary>Two state directories on one host, or one seen from where it is not valid: what is not certainly ours and dead is left alone.</summary>
[Collection(nameof(Alone))]
public class StoreNeighbourSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Under_another_run_directory_nothing_of_a_living_container_is_touched(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, [], "sh", "-c", "echo alive; exec sleep 600");
        await kept.UntilWritten("alive");
        await using Detached stopped = await Detached.Run(runtime, [], "sh", "-c", "echo ended");
        await stopped.UntilStatus("exited");
        string name = $"front-{runtime}";
        using Process foreground = Process.Start(new ProcessStartInfo(
            Repository.Command, ["run", "--runtime", runtime, "--name", name, "--rootfs", Repository.Busybox, "--", "sh", "-c", "echo up; exec sleep 600"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            Assert.Equal("up", await foreground.StandardOutput.ReadLineAsync());
            await using World other = await World.Make(ownData: false);
            // The same name twice, each in its own store. Not with gVisor, whose sandboxes have sockets named by their containers' ids in the host's network namespace.
            string same = runtime == "runsc" ? $"{name}-other" : name;
            (await other.Call("run", "--runtime", runtime, "--name", same, "--rootfs", Repository.Busybox, "--", "sh", "-c", "echo other >/file")).Succeeded();
            (await other.Call("run", "--detach", "--rm", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "true")).Succeeded();
            await Eventually.Holds("the other store's own container has ended, and it has none of ours", async () =>
                (await other.Call("ps", "--all", "--quiet", "--filter", "status=running")).Succeeded().Lines.Length == 0);
            (await other.Call("prune", "--containers")).Succeeded();
            Outcome collected = (await other.Call("gc")).Succeeded();
            Assert.DoesNotContain(kept.Id, collected.Text, StringComparison.Ordinal);
            Assert.Contains($"left alone: scratch {Path.GetDirectoryName(kept.Layer)}: it belongs to another store", collected.Error, StringComparison.Ordinal);
            Assert.Contains($"left alone: cgroup /podspawn-oci-{kept.Id}-", collected.Error, StringComparison.Ordinal);
            Assert.Contains("left alone", (await other.Call("doctor")).Text, StringComparison.Ordinal);
            await AssertLives(kept);
            Assert.Equal("ended\n", stopped.Written());
            Assert.False(foreground.HasExited);
            Assert.Single(Leftovers.LayersOf(name));
            Assert.Equal("here\n", (await PodspawnOci.Call(["exec", name, "echo", "here"])).Succeeded().Text);
        }
        finally
        {
            foreground.Kill();
            await foreground.WaitForExitAsync();
            (await PodspawnOci.Call(["gc"])).Succeeded();
        }
        await Leftovers.AssertNone(name);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task From_another_pid_namespace_a_living_container_is_not_taken_for_dead(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, [], "sh", "-c", "echo alive; exec sleep 600");
        await kept.UntilWritten("alive");
        foreach (string[] words in new string[][] { ["ps", "--all"], ["gc"], ["rm", "--force", kept.Id],
            ["run", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "true"] })
        {
            BufferedCommandResult refused = await Cli.Wrap("unshare").WithArguments(["--pid", "--fork", "--mount-proc", Repository.Command, .. words])
                .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
            Assert.NotEqual(0, refused.ExitCode);
            Assert.Contains("made in another pid namespace", refused.StandardError, StringComparison.Ordinal);
        }
        await AssertLives(kept);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_copy_of_the_state_directory_is_not_the_store(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, [], "sh", "-c", "echo alive; exec sleep 600");
        await kept.UntilWritten("alive");
        await using World other = await World.Make(ownData: false);
        Tool.Run("cp", "--archive", "--", "/run/podspawn-oci/.", $"{other.Root}/run/podspawn-oci/");
        foreach (string[] words in new string[][] { ["ps", "--all"], ["gc"], ["rm", "--force", kept.Id], ["stop", kept.Id] })
        {
            Outcome refused = await other.Call(words);
            Assert.NotEqual(0, refused.Status);
            Assert.Contains("is a copy of another store's", refused.Error, StringComparison.Ordinal);
        }
        // A command that needs nothing of the store does not report it.
        Assert.Empty((await other.Call("schema")).Succeeded().Error);
        await AssertLives(kept);
        await other.Shell("rm -r /run/podspawn-oci/*");
    }

    private static async Task AssertLives(Detached kept)
    {
        Assert.Equal("alive\n", kept.Written());
        Assert.NotEmpty(Leftovers.CgroupsOf(kept.Id));
        Assert.Equal("running", await kept.Status());
        Assert.True(Directory.Exists($"/proc/{await kept.MonitorPid()}"));
        Assert.Equal("here\n", (await kept.Exec([], "echo", "here")).Succeeded().Text);
    }
}
