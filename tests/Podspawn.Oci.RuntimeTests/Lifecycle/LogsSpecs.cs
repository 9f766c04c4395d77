using System.Diagnostics;
using System.Text;
using CliWrap;
using CliWrap.Buffered;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>The output of a detached container can be read at any time.</summary>
public sealed class LogsSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Stdout_and_stderr_come_back_apart_and_byte_for_byte(string runtime)
    {
        await using Detached container = await Detached.RunShell(runtime, [], "printf 'a\\377\\033b\\n'; printf 'err\\n' >&2; printf 'no end'; exit 3");
        (await container.Call("wait", "{}")).Succeeded();
        Outcome logs = (await container.Call("logs", "{}")).Succeeded();
        Assert.Equal([(byte)'a', 0xff, 0x1b, (byte)'b', (byte)'\n', .. "no end"u8], logs.Output);
        Assert.Equal("err\n", logs.Error);
        Assert.Matches("^[0-9-]{10}T[0-9:.]{18}[+-][0-9:]{5} a", Encoding.Latin1.GetString((await container.Call("logs", "-t", "{}")).Output));
        Assert.Empty((await container.Call("logs", "--since", "2200-01-01", "{}")).Output);
        Assert.Empty((await container.Call("logs", "--until", "1h", "{}")).Output);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_line_of_megabytes_is_whole(string runtime)
    {
        await using Detached container = await Detached.RunShell(runtime, [], "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo end");
        (await container.Call("wait", "{}")).Succeeded();
        Assert.Equal($"{new string('x', 3_000_000)}\nend\n", (await container.Call("logs", "{}")).Text);
        Assert.Equal($"{new string('x', 3_000_000)}\nend\n", (await container.Call("logs", "--tail", "2", "{}")).Text);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Following_shows_all_and_ends_with_the_container(string runtime)
    {
        await using Detached container = await Detached.RunShell(runtime, [],
            "i=0; while [ $i -lt 300 ]; do echo line $i; i=$((i+1)); [ $((i % 100)) -ne 0 ] || sleep 0.3; done; printf last; exit 3");
        Outcome logs = (await container.Call("logs", "--follow", "{}")).Succeeded();
        Assert.Equal(string.Concat(Enumerable.Range(0, 300).Select(i => $"line {i}\n")) + "last", logs.Text);
        Assert.Equal("last", (await container.Call("logs", "--follow", "--tail", "1", "{}")).Text);
    }

    [Fact]
    public async Task Following_misses_nothing_when_the_log_begins_anew()
    {
        // Rotated some dozen times, at a pace that lets a reader keep up.
        await using Detached container = await Detached.RunShell(
            "crun", ["--log-opt", "max-size=32k"], "while [ ! -e /go ]; do sleep 0.02; done; i=0; while [ $i -lt 6000 ]; do echo this is line number $i of many; i=$((i+1)); [ " +
                "$((i % 50)) -ne 0 ] || sleep 0.02; done");
        Task<Outcome> following = container.Call("logs", "-f", "{}");
        await Reading(container.Name);
        string go = Path.GetTempFileName();
        (await container.Call("cp", go, "{}:/go")).Succeeded();
        File.Delete(go);
        Assert.Equal(string.Concat(Enumerable.Range(0, 6000).Select(i => $"this is line number {i} of many\n")), (await following).Succeeded().Text);
        Assert.InRange((await container.Call("logs", "{}")).Output.Length, 1, 32 << 10);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_reader_that_goes_away_ends_it_quietly(string runtime)
    {
        await using Detached container = await Detached.RunShell(runtime, [], "echo one; echo two; exec sleep 1000");
        await container.UntilWritten("two");
        // The container writes nothing more: no write would reveal the lost reader.
        BufferedCommandResult result = await Cli.Wrap("bash")
            .WithArguments(["-c", $"timeout 60 '{Repository.Command}' logs -f {container.Name} | head -n 1; echo ${{PIPESTATUS[0]}}"])
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        Assert.Equal(("one\n141\n", ""), (result.StandardOutput, result.StandardError));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_terminals_output_is_in_the_log_as_well(string runtime)
    {
        await using Detached container = await Detached.RunShell(runtime, ["--tty"], "echo out; echo err >&2");
        (await container.Call("wait", "{}")).Succeeded();
        Assert.Equal("out\r\nerr\r\n", (await container.Call("logs", "{}")).Text);
    }

    [Fact]
    public async Task A_second_run_adds_to_the_log()
    {
        await using Detached container = await Detached.RunShell("crun", [], "echo run");
        (await container.Call("wait", "{}")).Succeeded();
        (await container.Call("start", "{}")).Succeeded();
        (await container.Call("wait", "{}")).Succeeded();
        Assert.Equal("run\nrun\n", (await container.Call("logs", "{}")).Text);
    }

    [Fact]
    public async Task A_container_that_never_ran_has_said_nothing()
    {
        await using Detached container = await Detached.CreateShell("crun", [], "echo run");
        Assert.Empty((await container.Call("logs", "--follow", "{}")).Succeeded().Output);
    }

    [Fact]
    public async Task What_cannot_be_shown_is_told()
    {
        Outcome missing = await PodspawnOci.Call(["logs", "no-such-container"]);
        Assert.Equal((125, ""), (missing.Status, missing.Text));
        Assert.Contains("no such container", missing.Error, StringComparison.Ordinal);
        string name = $"foreground-{Guid.NewGuid():N}"[..30];
        using Process launcher = Process.Start(
            new ProcessStartInfo(Repository.Command, ["run", "--runtime", "crun", "--name", name, "--rootfs", Repository.Busybox, "--", "sh", "-c", "echo ready; exec sleep 1000"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            Assert.Equal("ready", await launcher.StandardOutput.ReadLineAsync());
            Outcome logs = await PodspawnOci.Call(["logs", name]);
            Assert.Equal(125, logs.Status);
            Assert.Contains("straight to the command that launched it", logs.Error, StringComparison.Ordinal);
        }
        finally
        {
            await PodspawnOci.Call(["kill", name]);
            await launcher.WaitForExitAsync();
        }
        await using Detached container = await Detached.RunShell("crun", [], "true");
        foreach (string[] wrong in new[] { new[] { "--tail", "many" }, ["--since", "yesterday"] })
            Assert.StartsWith($"podspawn-oci: {wrong[0]}: ", (await container.Call(["logs", .. wrong, "{}"])).Error, StringComparison.Ordinal);
    }

    // Once the log is open it is followed from its beginning, whatever happens to its name.
    private static async Task Reading(string name)
    {
        static bool Reads(string process, string name)
        {
            try
            {
                string[] words = File.ReadAllText($"{process}/cmdline").Split('\0');
                return words.Contains("logs") && words.Contains(name) && Directory.GetFiles($"{process}/fd")
                    .Any(fd => new FileInfo(fd).LinkTarget?.EndsWith("/container.log", StringComparison.Ordinal) == true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
        while (!Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])).Any(process => Reads(process, name)))
            await Task.Delay(5);
    }
}
