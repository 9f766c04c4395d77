using System.Diagnostics;
using System.Security.Cryptography;
using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary><c>attach</c> and <c>start --attach</c> where there is no terminal.</summary>
public sealed class AttachSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Stdin_and_its_end_go_in_and_streams_come_out_apart(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, ["-i"], "sh", "-c", "while read line; do echo got $line; done; echo no >&2; exit 6");
        Outcome outcome = await PodspawnOci.Call(["attach", kept.Name], PipeSource.FromString("one\ntwo\n"));
        Assert.Equal((6, "got one\ngot two\n", "no\n"), (outcome.Status, outcome.Text, outcome.Error));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Four_megabytes_go_through_both_ways_byte_for_byte(string runtime)
    {
        byte[] sent = RandomNumberGenerator.GetBytes(4 << 20);
        await using Detached kept = await Detached.Run(runtime, ["-i"], "cat");
        Outcome outcome = (await PodspawnOci.Call(["attach", kept.Name], PipeSource.FromBytes(sent))).Succeeded();
        Assert.True(sent.AsSpan().SequenceEqual(outcome.Output));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_slow_reader_loses_nothing(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, ["-i"], "sh", "-c", "read go; seq 300000; exit 3");
        using Process attach = Attach(kept.Name);
        attach.StandardInput.WriteLine("go");
        attach.StandardInput.Flush();
        for (int i = 1; i <= 300_000; i++)
        {
            Assert.Equal($"{i}", await attach.StandardOutput.ReadLineAsync());
            if (i % 50_000 == 0)
                await Task.Delay(50);
        }
        await attach.WaitForExitAsync();
        Assert.Equal(3, attach.ExitCode);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task The_status_of_one_that_is_removed_with_its_end_is_not_lost(string runtime)
    {
        await using Detached kept = await Detached.Run(runtime, ["-i", "--rm"], "sh", "-c", "read go; exit 7");
        string id = kept.Id;
        Assert.Equal(7, (await PodspawnOci.Call(["attach", kept.Name], PipeSource.FromString("go\n"))).Status);
        await Leftovers.AssertNone(id);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Signals_go_to_the_containers_process(string runtime)
    {
        await using Detached kept = await Detached.Create(runtime, Detached.OnProbe, "/probe/sigs");
        using Process start = Process.Start(
            new ProcessStartInfo("env", ["--default-signal", Repository.Command, "start", "--attach", kept.Name]) { RedirectStandardOutput = true })!;
        Assert.Equal("ready", await start.StandardOutput.ReadLineAsync());
        foreach ((string signal, int number) in new[] { ("HUP", 1), ("INT", 2), ("USR1", 10), ("TERM", 15) })
        {
            Assert.Equal(0, Tmds.Linux.LibC.kill(start.Id, number));
            Assert.Equal($"got {signal}", await start.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)));
        }
        await start.WaitForExitAsync();
        Assert.Equal(0, start.ExitCode);
    }

    [Fact]
    public async Task Without_sig_proxy_a_signal_ends_only_the_attachment()
    {
        await using Detached kept = await Detached.Run("runc", ["-i"], "sh", "-c", "while read line; do echo got $line; done");
        using Process attach = Attach(kept.Name, "--sig-proxy=false");
        attach.StandardInput.WriteLine("one");
        attach.StandardInput.Flush();
        Assert.Equal("got one", await attach.StandardOutput.ReadLineAsync());
        Assert.Equal(0, Tmds.Linux.LibC.kill(attach.Id, 15));
        await attach.WaitForExitAsync();
        Assert.Equal(143, attach.ExitCode);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Start_attached_misses_no_byte_and_gives_the_status(string runtime)
    {
        await using Detached kept = await Detached.Create(runtime, ["-i"], "sh", "-c", "echo first; cat; exit 5");
        Outcome outcome = await PodspawnOci.Call(["start", "-ai", kept.Name], PipeSource.FromString("second\n"));
        Assert.Equal((5, "first\nsecond\n"), (outcome.Status, outcome.Text));
        for (int i = 0; i < 5; i++)
        {
            await using Detached quick = await Detached.Create(runtime, ["--rm"], "sh", "-c", "echo quick; exit 3");
            outcome = await PodspawnOci.Call(["start", "-a", quick.Name]);
            Assert.Equal((3, "quick\n"), (outcome.Status, outcome.Text));
        }
    }

    [Fact]
    public async Task Several_see_the_same()
    {
        await using Detached kept = await Detached.Create("runc", ["-i"], "sh", "-c", "cat; exit 4");
        using Process first = Process.Start(new ProcessStartInfo(Repository.Command, ["start", "-ai", kept.Name]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        first.StandardInput.WriteLine("one");
        first.StandardInput.Flush();
        Assert.Equal("one", await first.StandardOutput.ReadLineAsync());
        using Process second = Attach(kept.Name, "--no-stdin");
        string? seen = null;
        Task<string?> second_line = second.StandardOutput.ReadLineAsync();
        // There is no event for the second client's arrival.
        await Eventually.Holds("the second sees a line", async () =>
        {
            first.StandardInput.WriteLine("two");
            first.StandardInput.Flush();
            Assert.Equal("two", await first.StandardOutput.ReadLineAsync());
            if (await Task.WhenAny(second_line, Task.Delay(100)) == second_line)
                seen = await second_line;
            return seen is not null;
        });
        Assert.Equal("two", seen);
        first.StandardInput.Close();
        await Task.WhenAll(first.WaitForExitAsync(), second.WaitForExitAsync());
        Assert.Equal((4, 4), (first.ExitCode, second.ExitCode));
    }

    [Fact]
    public async Task What_cannot_be_attached_to_is_told_with_podmans_status()
    {
        await using Detached created = await Detached.Create("runc", [], "true");
        await using Detached terminal = await Detached.Run("runc", ["-i", "-t"], "sh");
        foreach ((string[] call, string told) in new (string[], string)[]
        {
            (["attach", "no-such-container"], "no such container"), (["attach", created.Name], "is not running"), (["attach", terminal.Name], "has a terminal, and stdin is none"),
            (["start", "-a", created.Name, terminal.Name], "only one container"),
        })
        {
            Outcome outcome = await PodspawnOci.Call(call);
            Assert.Equal(125, outcome.Status);
            Assert.Contains(told, outcome.Error, StringComparison.Ordinal);
        }
        Assert.Equal(125, (await PodspawnOci.Call(["attach", "--detach-keys", "no-key", terminal.Name])).Status);
        const string Front = "attach-front";
        using Process launcher = Process.Start(
            new ProcessStartInfo(Repository.Command, ["run", "-i", "--name", Front, "--rootfs", Repository.Probe, "--", "sh", "-c", "echo up; read word"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("up", await launcher.StandardOutput.ReadLineAsync());
        Outcome refused = await PodspawnOci.Call(["attach", Front]);
        launcher.StandardInput.Close();
        await launcher.WaitForExitAsync();
        Assert.Equal(125, refused.Status);
        Assert.Contains("runs in the foreground", refused.Error, StringComparison.Ordinal);
    }

    private static Process Attach(string name, params string[] flags) =>
        Process.Start(new ProcessStartInfo(Repository.Command, ["attach", .. flags, name]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
}
