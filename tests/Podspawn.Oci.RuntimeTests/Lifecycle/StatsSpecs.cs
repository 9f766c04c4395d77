using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Podspawn.Oci.RuntimeTests.Lifecycle;

/// <summary>What containers use.</summary>
public sealed class StatsSpecs
{
    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Use_stands_beside_the_limits(string runtime)
    {
        await using Detached container = await Detached.Run(runtime, ["--cpus", "0.5", "--memory", "256m", "--pids-limit", "50"], ["sh", "-c", "sleep 600 & while :; do :; done"]);
        JsonElement found = await Only(container, "--interval", "2");
        Assert.Equal((container.Id, container.Name), (found.GetProperty("ContainerID").GetString(), found.GetProperty("Name").GetString()));
        Assert.InRange(found.GetProperty("CPU").GetDouble(), 20, 75);
        Assert.Equal(50, found.GetProperty("Podspawn").GetProperty("CPULimit").GetDouble());
        Assert.InRange(found.GetProperty("MemUsage").GetInt64(), 4096, 256 << 20);
        Assert.Equal(256 << 20, found.GetProperty("MemLimit").GetInt64());
        Assert.Equal(100.0 * found.GetProperty("MemUsage").GetInt64() / (256 << 20), found.GetProperty("MemPerc").GetDouble(), precision: 6);
        // The container's own processes: under gVisor the host counts the sandbox's.
        Assert.Equal((2, 50), (found.GetProperty("PIDs").GetInt64(), found.GetProperty("Podspawn").GetProperty("PIDsLimit").GetInt64()));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task What_the_kernel_keeps_of_files_is_not_counted(string runtime)
    {
        await using Detached container = await Detached.Run(runtime, [], ["sh", "-c", "dd if=/dev/zero of=/big bs=1M count=64 2>/dev/null; echo written; exec sleep 600"]);
        await container.UntilWritten("written");
        Assert.True(long.Parse(await File.ReadAllTextAsync($"{container.Cgroup("memory")}/memory.usage_in_bytes")) > 48 << 20);
        Assert.InRange((await Only(container)).GetProperty("MemUsage").GetInt64(), 4096, 32 << 20);
    }

    [Fact]
    public async Task The_table_has_dockers_columns()
    {
        await using Detached container = await Detached.Run("crun", [], Detached.Idle);
        Outcome outcome = (await container.Try("stats", "--no-stream")).Succeeded();
        Assert.Equal(2, outcome.Lines.Length);
        Assert.Equal(
            ["CONTAINER ID", "NAME", "CPU %", "CPU LIMIT", "MEM USAGE / LIMIT", "MEM %", "BLOCK I/O", "PIDS", "PIDS LIMIT"],
            Regex.Split(outcome.Lines[0], " {2,}"));
        Assert.Matches($@"^{container.Id[..12]}  {container.Name}  \d+\.\d\d%  +200\.00%  +[\d.]+[KM]iB / 2GiB  +\d\.\d\d%  +\S+B / \S+B  +2  +256$", outcome.Lines[1]);
        Assert.StartsWith(container.Id, (await container.Try("stats", "--no-stream", "--no-trunc")).Succeeded().Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Those_that_do_not_run_are_shown_when_asked_for()
    {
        await using Detached container = await Detached.Run("crun", [], Detached.Idle);
        (await container.Try("stop", "--time", "0")).Succeeded();
        string running = (await PodspawnOci.Call(["stats", "--no-stream"])).Succeeded().Text;
        Assert.DoesNotContain(container.Name, running, StringComparison.Ordinal);
        Assert.Contains(container.Name, (await PodspawnOci.Call(["stats", "--no-stream", "--all"])).Succeeded().Text, StringComparison.Ordinal);
        Assert.Contains("-- / --", (await container.Try("stats", "--no-stream")).Succeeded().Lines[1], StringComparison.Ordinal);
        Outcome nobody = await PodspawnOci.Call(["stats", "--no-stream", "stat-nobody"]);
        Assert.Equal(125, nobody.Status);
        Assert.Contains("no such container", nobody.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Containers_come_and_go_while_it_runs_and_it_ends_with_the_last_that_was_named()
    {
        Detached first = await Detached.Run("crun", [], Detached.Idle), second = await Detached.Run("runc", [], Detached.Idle);
        using var stats = new Run("stats", "--interval", "0.1", "--format", "json", first.Name, second.Name);
        try
        {
            Assert.Equal([first.Name, second.Name], Names(await stats.Line()));
            await first.DisposeAsync();
            while (Names(await stats.Line()) is not [var left] || left != second.Name)
            {
            }
        }
        finally
        {
            await second.DisposeAsync();
        }
        while (await stats.Line() is { } line)
            Assert.True(Names(line).All(name => name == second.Name));
        Assert.Equal(0, await stats.Status());
    }

    [Fact]
    public async Task A_reader_that_has_seen_enough_ends_it()
    {
        await using Detached container = await Detached.Run("crun", [], Detached.Idle);
        var enough = await CliWrap.Buffered.BufferedCommandExtensions.ExecuteBufferedAsync(CliWrap.Cli.Wrap("/bin/sh").WithArguments(
            ["-c", "{ \"$0\" stats --interval 0.1 \"$1\"; echo \"$?\" >&2; } | head -n 3", Repository.Command, container.Name]));
        Assert.Equal(3, enough.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("141", enough.StandardError.Trim());
    }

    [Fact]
    public async Task On_a_terminal_it_draws_over_itself_and_leaves_the_screen_sane()
    {
        await using Detached container = await Detached.Run("crun", [], Detached.Idle);
        // Whoever runs the tests may ignore SIGINT (a shell's background job): ^C would then have no effect.
        using Process stats = Process.Start(new ProcessStartInfo(
            "env", ["--default-signal", "script", "-qfc", $"trap : INT; stty rows 5 cols 40; '{Repository.Command}' stats --interval 0.2 {container.Name}; echo status=$?; stty -a | grep -o -- " +
                $"'-\\?icanon'; stty -a | grep -o -- '-\\?echo '", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        string seen = "";
        async Task Until(string pattern)
        {
            char[] buffer = new char[4096];
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while (!Regex.IsMatch(seen, pattern))
            {
                int got = await stats.StandardOutput.ReadAsync(buffer, limit.Token);
                Assert.True(got > 0, seen);
                seen += new string(buffer, 0, got);
            }
        }
        await Until(@$"\x1b\[H\x1b\[2J[\s\S]*{container.Name}[\s\S]*\x1b\[H(?!\x1b\[2J)[\s\S]*{container.Name}[\s\S]*\x1b\[J");
        await stats.StandardInput.WriteAsync("\u0003");
        await stats.StandardInput.FlushAsync();
        await Until(@$"status=130\s+icanon\s+echo");
        // Nothing that would have to be undone: no alternate screen, no hidden cursor. No line is longer than the terminal.
        Assert.DoesNotMatch(@"\x1b\[\?", seen);
        Assert.All(Regex.Matches(seen, @"(?:CONTAINER|[0-9a-f]{12} )[^\x1b\r\n]*"), line => Assert.True(line.Value.TrimEnd().Length <= 40, line.Value));
    }

    private static async Task<JsonElement> Only(Detached container, params string[] flags)
    {
        Outcome outcome = (await container.Try("stats", ["--no-stream", "--format", "json", .. flags])).Succeeded();
        using JsonDocument document = JsonDocument.Parse(outcome.Text);
        return Assert.Single(document.RootElement.EnumerateArray()).Clone();
    }

    private static string[] Names(string? line)
    {
        Assert.NotNull(line);
        using JsonDocument document = JsonDocument.Parse(line);
        return [.. document.RootElement.EnumerateArray().Select(one => one.GetProperty("Name").GetString()!)];
    }

    /// <summary>The command, read line by line.</summary>
    private sealed class Run(params string[] arguments) : IDisposable
    {
        private readonly Process process = Process.Start(new ProcessStartInfo(Repository.Command, arguments) { RedirectStandardOutput = true })!;

        internal Task<string?> Line() => process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));

        internal async Task<int> Status()
        {
            await process.WaitForExitAsync();
            return process.ExitCode;
        }

        public void Dispose()
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }
    }
}
