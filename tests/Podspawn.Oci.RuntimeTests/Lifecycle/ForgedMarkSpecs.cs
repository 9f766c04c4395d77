using System.Diagnostics;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>Any process can write our mark into its environment: no foreign process is ended for it, and nothing waits for one.</summary>
[Collection(nameof(Alone))]
public sealed class ForgedMarkSpecs : IDisposable
{
    private const string Mark = "PODSPAWN_OCI_CONTAINER";
    private const string Stranger = "54321";

    private readonly List<Process> strangers = [];

    public void Dispose() => EndStrangers();

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_strangers_mark_ends_nobody(string runtime)
    {
        await using Detached victim = await Detached.Run(runtime, [], "sleep", "600");
        int monitor = await victim.MonitorPid(), process = await victim.Pid();
        string mark = MarkOf(monitor);
        Assert.Contains(victim.Id, mark, StringComparison.Ordinal);
        string gone = mark.Replace(victim.Id, "vanished", StringComparison.Ordinal);
        foreach (string forged in new[] { mark, gone, mark.Replace("/containers/", "/containers/vanished/../", StringComparison.Ordinal),
            $"/run/podspawn-oci/containers/vanished/../{victim.Id}", $"{gone}\u001b]0;title\a/x" })
            strangers.Add(Start("setpriv", "--reuid", Stranger, "--regid", Stranger, "--clear-groups", "env", $"{Mark}={forged}", "sleep", "600"));
        // A set-user-id program has the environment of its caller: here it has one user's real id, and root's others.
        strangers.Add(Start("setpriv", "--ruid", Stranger, "env", $"{Mark}={gone}", "sleep", "600"));
        await using Detached attacker = await Detached.Run(runtime, [], "env", $"{Mark}={mark}", "sleep", "600");
        await using Detached other = await Detached.Run(runtime, [], "env", $"{Mark}={gone}", "sleep", "600");
        foreach (Process stranger in strangers)
            await Eventually.Is(true, () => File.ReadAllText($"/proc/{stranger.Id}/comm") == "sleep\n");

        Outcome collected = (await PodspawnOci.Call(["gc"])).Succeeded();
        Assert.DoesNotContain("vanished", collected.Text + collected.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', collected.Text + collected.Error);
        Assert.Equal((monitor, process, "running"), (await victim.MonitorPid(), await victim.Pid(), await victim.Status()));
        Assert.True(Directory.Exists($"/proc/{monitor}"));

        var watch = Stopwatch.StartNew();
        await victim.Do("rm", "--force");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), watch.Elapsed.ToString());
        Assert.All(strangers, stranger => Assert.False(stranger.HasExited));
        Assert.Equal("running", await attacker.Status());
        Assert.Equal("running", await other.Status());
        // They have the mark of a container that is then searched for.
        EndStrangers();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task No_containers_environment_takes_the_mark(string runtime)
    {
        string file = Path.GetTempFileName();
        string bundle = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;
        await using Detached kept = await Detached.Run(runtime, [], "sleep", "600");
        try
        {
            await File.WriteAllTextAsync(file, $"A=1\n{Mark}=x\n");
            string[] run = ["run", "--runtime", runtime, "--rootfs", Repository.Busybox];
            foreach (string[] words in new string[][]
            {
                [.. run, "--env", $"{Mark}=x", "--", "env"], [.. run, "--env", Mark, "--", "env"], [.. run, "--env", "PODSPAWN_OCI_STAGING=x", "--", "env"],
                [.. run, "--env-file", file, "--", "env"], ["exec", "--env", $"{Mark}=x", kept.Name, "env"], ["exec", "--env-file", file, kept.Name, "env"],
            })
            {
                Outcome refused = await PodspawnOci.Call(words);
                Assert.Equal(125, refused.Status);
                Assert.Contains("podspawn-oci's own mark", refused.Error, StringComparison.Ordinal);
            }
            Outcome spec = (await PodspawnOci.Call(["spec", "--rootfs", Repository.Busybox, "--env", "MARK_TO_BE=x", "--", "env"])).Succeeded();
            await File.WriteAllTextAsync($"{bundle}/config.json", spec.Text.Replace("MARK_TO_BE", Mark, StringComparison.Ordinal));
            Outcome ran = (await PodspawnOci.Call(["run", "--runtime", runtime, "--bundle", bundle])).Succeeded();
            Assert.DoesNotContain(Mark, ran.Text, StringComparison.Ordinal);
            Assert.Contains($"bundle.process.env: {Mark} is podspawn-oci's own mark", ran.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
            Directory.Delete(bundle, recursive: true);
        }
    }

    private void EndStrangers()
    {
        foreach (Process stranger in strangers)
        {
            stranger.Kill();
            stranger.WaitForExit();
            stranger.Dispose();
        }
        strangers.Clear();
    }

    private static Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments))!;

    private static string MarkOf(int pid) =>
        File.ReadAllText($"/proc/{pid}/environ").Split('\0').Single(variable => variable.StartsWith($"{Mark}=", StringComparison.Ordinal))[(Mark.Length + 1)..];
}
