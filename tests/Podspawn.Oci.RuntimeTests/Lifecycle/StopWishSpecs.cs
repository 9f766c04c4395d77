using System.Diagnostics;
using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>A stop, kill, removal or pause that was said wins over every restart policy, whatever the container is doing at that moment.</summary>
[Collection(nameof(Alone))]
public sealed class StopWishSpecs
{
    // Longer than the first pauses between two starts.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private static readonly string[] Verbs = ["stop", "kill", "rm --force", "pause", "restart-stop"];

    public static TheoryData<string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string>();
            foreach (string runtime in new[] { "runc", "crun", "runsc" })
            {
                foreach (string verb in new[] { "stop", "kill", "rm", "pause" })
                    cells.Add(runtime, verb);
            }
            return cells;
        }
    }

    // The more that are stopped at once, the more moments are met: ends, handlers, pauses, starts.
    [Theory]
    [InlineData("runc", 40)]
    [InlineData("crun", 60)]
    [InlineData("runsc", 15)]
    public async Task Nothing_starts_again_that_was_stopped_at_whatever_moment(string runtime, int count)
    {
        var random = new Random(count);
        var names = new List<(string Name, string Verb)>();
        try
        {
            for (int i = 0; i < count; i++)
            {
                (string name, string verb) = (Detached.NewName(), Verbs[i % Verbs.Length]);
                names.Add((name, verb));
                (await PodspawnOci.Call(["run", "--detach", "--name", name, "--restart", "always", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "true"])).Succeeded();
                await Task.Delay(random.Next(400));
                if (verb == "restart-stop")
                {
                    (await PodspawnOci.Call(["restart", "--time", "0", name])).Succeeded();
                    verb = "stop";
                }
                Outcome said = await PodspawnOci.Call([.. verb.Split(' '), name]);
                // There may be nothing to pause: that is said, and what was said holds all the same.
                if (verb != "pause")
                    said.Succeeded();
            }
            await Task.Delay(Settling);
            foreach ((string name, string verb) in names)
            {
                Outcome told = await PodspawnOci.Call(["inspect", name]);
                if (verb == "rm --force")
                    Assert.Equal(125, told.Status);
                else
                    Assert.True(Says(told.Text, "exited") || (verb == "pause" && Says(told.Text, "paused")), $"{verb}: {told.Text}");
            }
        }
        finally
        {
            (await PodspawnOci.Call(["rm", "--force", .. names.Select(one => one.Name)])).Succeeded();
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task What_was_said_holds_when_the_verb_is_killed_at_it(string runtime, string verb)
    {
        string[] words = verb switch
        {
            "stop" => ["stop", "--time", "0"],
            "rm" => ["rm", "--force"],
            _ => [verb],
        };
        foreach (string place in await PlacesOf(runtime, words))
        {
            string name = await Run(runtime);
            try
            {
                // An inspection would bring the record of an interrupted pause in line.
                int pid = (await Detached.Inspect(name)).GetProperty("State").GetProperty("Pid").GetInt32();
                Assert.Equal(137, await Call([.. words, name], ("PODSPAWN_OCI_FAULT", place)));
                _ = Tmds.Linux.LibC.kill(pid, 9);
                await Task.Delay(Settling);
                Outcome told = await PodspawnOci.Call(["inspect", name]);
                Assert.True(told.Status == 125 || Says(told.Text, "exited") || Says(told.Text, "paused"), $"{place}: {told.Text}");
            }
            finally
            {
                (await PodspawnOci.Call(["rm", "--force", name])).Succeeded();
            }
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Who_comes_before_the_process_that_handles_the_end_wins(string runtime)
    {
        foreach (string verb in new[] { "stop", "kill", "pause" })
        {
            await using Detached kept = await Detached.Run(runtime, ["--restart", "always"], "sleep", "1000");
            int pid = await kept.Pid();
            Task<Outcome> said;
            using (Process holder = Process.Start(new ProcessStartInfo("flock", [$"{kept.Directory}/lock", "sh", "-c", "echo held; cat"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!)
            {
                Assert.Equal("held", await holder.StandardOutput.ReadLineAsync());
                said = kept.Try(verb);
                await Eventually.Is(true, () => WaitsForLock(kept.Name));
                Process.GetProcessById(pid).Kill();
                await Eventually.Is(true, () => WaitsForLock(kept.Id));
                holder.StandardInput.Close();
                await holder.WaitForExitAsync();
            }
            Assert.Equal(verb == "pause" ? 125 : 0, (await said).Status);
            await Task.Delay(Settling);
            Assert.Equal("exited", await kept.Status());
            // A user's own start is a new word.
            await kept.Do("start");
            Assert.Equal("running", await kept.Status());
        }
    }

    [Fact]
    public async Task A_prune_leaves_what_is_about_to_start_again()
    {
        await using Detached kept = await Detached.Run("crun", ["--restart", "always"], "sleep", "0.2");
        for (int i = 0; i < 20; i++)
        {
            Assert.DoesNotContain(kept.Id, (await PodspawnOci.Call(["prune", "--containers", "--filter", $"id={kept.Id}"])).Succeeded().Text, StringComparison.Ordinal);
            await Task.Delay(17);
        }
        await kept.Do("stop");
        Assert.Equal("exited", await kept.Status());
    }

    // Those that come before the verb's own end of the container; what comes after it is the fault tests'.
    private static async Task<string[]> PlacesOf(string runtime, string[] words)
    {
        string journal = Path.GetTempFileName();
        string name = await Run(runtime);
        try
        {
            Assert.Equal(0, await Call([.. words, name], ("PODSPAWN_OCI_FAULT_JOURNAL", journal)));
            string[] places = [.. (await File.ReadAllLinesAsync(journal)).Where(place => place.Split('.')[0] is "wish" or "stop" or "kill" or "pause").Distinct()];
            Assert.NotEmpty(places);
            return places;
        }
        finally
        {
            File.Delete(journal);
            (await PodspawnOci.Call(["rm", "--force", name])).Succeeded();
        }
    }

    private static async Task<string> Run(string runtime)
    {
        string name = Detached.NewName();
        Assert.Equal(0, await Call(["run", "--detach", "--name", name, "--restart", "always", "--runtime", runtime, "--rootfs", Repository.Busybox, "--", "sleep", "1000"]));
        return name;
    }

    private static async Task<int> Call(string[] arguments, params (string Name, string Value)[] environment) => (await Outcome.Of(
        Cli.Wrap(Repository.FaultCommand).WithArguments(arguments).WithEnvironmentVariables(environment.ToDictionary(pair => pair.Name, string? (pair) => pair.Value)))).Status;

    private static bool Says(string told, string status) => told.Contains($"\"Status\": \"{status}\"", StringComparison.Ordinal);

    // The kernel's list of locks has "-> FLOCK" for who waits.
    private static bool WaitsForLock(string argument)
    {
        string[] waiting = [.. File.ReadLines("/proc/locks").Where(line => line.Contains("-> FLOCK", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[5])];
        return waiting.Any(pid => Read($"/proc/{pid}/cmdline").Split('\0').Contains(argument));
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
