using System.Diagnostics;
using System.Security.Cryptography;
using CliWrap;

namespace Podspawn.Oci.RuntimeTests.Launching;

/// <summary>stdin, stdout and stderr behave as if they were the caller's own, as in a pipeline.</summary>
public sealed class StreamSpecs : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task With_interactive_stdin_goes_through_byte_for_byte(string runtime)
    {
        byte[] sent = RandomNumberGenerator.GetBytes(8 << 20);
        Outcome outcome = (await PodspawnOci.Call(
            ["run", "-i", "--runtime", runtime, "--rootfs", Repository.Probe, "cat"], PipeSource.FromBytes(sent))).Succeeded();
        Assert.True(sent.AsSpan().SequenceEqual(outcome.Output));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Without_interactive_stdin_is_empty(string runtime)
    {
        Outcome outcome = (await PodspawnOci.Call(
            ["run", "--runtime", runtime, "--rootfs", Repository.Probe, "cat"], PipeSource.FromString("not for you"))).Succeeded();
        Assert.Empty(outcome.Output);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task Stdout_and_stderr_stay_apart(string runtime)
    {
        Outcome outcome = (await PodspawnOci.Probe(runtime, [], "sh", "-c", "echo to stdout; echo to stderr >&2")).Succeeded();
        Assert.Equal("to stdout\n", outcome.Text);
        Assert.EndsWith("to stderr\n", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_gigabyte_comes_out_whole(string runtime)
    {
        long count = 0;
        CommandResult result = await Cli.Wrap(Repository.Command)
            .WithArguments(["run", "--runtime", runtime, "--rootfs", Repository.Probe, "dd", "if=/dev/zero", "bs=1M", "count=1024"])
            .WithStandardOutputPipe(PipeTarget.Create(async (stream, cancellation) =>
            {
                byte[] buffer = new byte[1 << 20];
                for (int got; (got = await stream.ReadAsync(buffer, cancellation)) > 0;)
                    count += got;
            })).ExecuteAsync();
        Assert.Equal((0, 1L << 30), (result.ExitCode, count));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_closed_pipe_ends_the_writer(string runtime)
    {
        CommandResult result = await Shell($"{Run(runtime)} yes 2>/dev/null | head -n 1 > out; echo ${{PIPESTATUS[0]}} > status");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("y\n", File.ReadAllText($"{directory}/out"));
        // 128 + SIGPIPE, or the program's own status where it is told EPIPE (pid 1 has no default for signals).
        Assert.Contains(File.ReadAllText($"{directory}/status").Trim(), new[] { "141", "1" });
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_shared_file_is_written_in_order(string runtime)
    {
        await Shell($"(echo before; {Run(runtime)} sh -c 'echo one; echo two >&2; echo three' 2>&1 | grep -v note:; echo after) > out");
        Assert.Equal("before\none\ntwo\nthree\nafter\n", File.ReadAllText($"{directory}/out"));
        await Shell($"(echo before; {Run(runtime)} sh -c 'echo one; echo two'; echo after) > direct 2>/dev/null");
        Assert.Equal("before\none\ntwo\nafter\n", File.ReadAllText($"{directory}/direct"));
        await Shell($"{Run(runtime)} echo more >> direct 2>/dev/null");
        Assert.Equal("before\none\ntwo\nafter\nmore\n", File.ReadAllText($"{directory}/direct"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_slow_reader_of_both_streams_holds_the_writer_up_and_loses_nothing(string runtime)
    {
        const int Each = 4_000_000;
        string writer = $"head -c {Each} /dev/zero && head -c {Each} /dev/zero >&2 && head -c {Each} /dev/zero";
        await Shell($"{Run(runtime)} sh -c '{writer}' 2>&1 | dd bs=16 of=out 2>/dev/null; echo ${{PIPESTATUS[0]}} > status");
        Assert.Equal("0", File.ReadAllText($"{directory}/status").Trim());
        Assert.Equal(3 * Each, File.ReadAllBytes($"{directory}/out").Count(one => one == 0));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_file_is_read_from_where_the_caller_stands(string runtime)
    {
        File.WriteAllText($"{directory}/in", "first\nsecond\n");
        await Shell($"(read line; {Run(runtime, "-i")} cat > rest 2>/dev/null) < in");
        Assert.Equal("second\n", File.ReadAllText($"{directory}/rest"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_closed_stderr_does_not_keep_the_container_from_running(string runtime)
    {
        await Shell($"{Run(runtime)} sh -c 'echo ran; exit 3' 2>&- > out; echo $? > status");
        Assert.Equal("ran\n", File.ReadAllText($"{directory}/out"));
        Assert.Equal("3\n", File.ReadAllText($"{directory}/status"));
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_the_command_did_not_read_of_a_file_is_left_to_the_next(string runtime)
    {
        File.WriteAllText($"{directory}/in", "first\nsecond\nthird\n");
        await Shell($"({Run(runtime, "-i")} sh -c 'read line; echo \"got $line\"' 2>/dev/null; cat) < in > out");
        Assert.Equal("got first\nsecond\nthird\n", File.ReadAllText($"{directory}/out"));
    }

    // gVisor holds open what its command closes, and the writer is told at the sandbox's end.
    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task Who_writes_to_a_command_that_closed_its_stdin_is_told_so(string runtime)
    {
        // The command waits for the writer's end: it comes only when the writer is told while the command is still running.
        const string Command = "exec <&-; for i in $(seq 600); do if [ -s /shared/status ]; then echo ended; exit; fi; sleep 0.05; done";
        await Shell($"(yes; echo $? > status) | {Run(runtime, "-i -v $PWD:/shared")} sh -c '{Command}' > out 2>/dev/null");
        Assert.Equal("ended\n", File.ReadAllText($"{directory}/out"));
        // 128 + SIGPIPE, or the program's own status where that is ignored here.
        Assert.Contains(File.ReadAllText($"{directory}/status").Trim(), new[] { "141", "1" });
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_cannot_be_written_is_not_lost_in_silence(string runtime)
    {
        await Shell($"{Run(runtime)} echo text > /dev/full 2> error; echo $? > status");
        Assert.Equal("125\n", File.ReadAllText($"{directory}/status"));
        Assert.Contains("stdout: cannot be written: No space left on device", File.ReadAllText($"{directory}/error"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task What_cannot_be_written_of_a_terminal_is_not_lost_in_silence(string runtime)
    {
        await Shell($"{Run(runtime, "-t")} echo text > /dev/full 2> error; echo $? > status");
        Assert.Equal("125\n", File.ReadAllText($"{directory}/status"));
        Assert.Contains("stdout: cannot be written: No space left on device", File.ReadAllText($"{directory}/error"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_reader_that_stands_still_does_not_keep_a_signal_from_ending_us(string runtime)
    {
        string name = $"stuck-{runtime}-{Guid.NewGuid():N}"[..24];
        using Process launcher = Process.Start(
            new ProcessStartInfo(Repository.Command, ["run", "--name", name, "--runtime", runtime, "--rootfs", Repository.Probe, "--", "dd", "if=/dev/zero", "bs=1k", "count=300"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task drained = launcher.StandardError.BaseStream.CopyToAsync(Stream.Null);
        FileInfo PidFile() => new($"{Leftovers.DirectoryOf(name)}/pid");
        await Eventually.Holds("the command's begin", () => Task.FromResult(PidFile() is { Exists: true, Length: > 0 }));
        int pid = int.Parse(await File.ReadAllTextAsync(PidFile().FullName), System.Globalization.CultureInfo.InvariantCulture);
        await Eventually.Holds("the command's end", () => Task.FromResult(!Directory.Exists($"/proc/{pid}")));
        Assert.False(launcher.HasExited);
        _ = Tmds.Linux.LibC.kill(launcher.Id, 15);
        await launcher.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(143, launcher.ExitCode);
        await drained;
        await Leftovers.AssertNone(name);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task A_process_that_a_command_leaves_behind_does_not_hold_up_its_end(string runtime)
    {
        await using Detached kept = await Detached.Waiting(runtime);
        Outcome quiet = (await kept.Exec([], "sh", "-c", "sleep 600 & echo said")).Succeeded();
        Assert.Equal("said\n", quiet.Text);
        // A process that never stops writing either: what it writes later is not the command's.
        Outcome loud = (await kept.Exec([], "sh", "-c", "echo said; yes & exit 0")).Succeeded();
        Assert.StartsWith("said\n", loud.Text, StringComparison.Ordinal);
        // A process that takes back what was written, or tries to: no more output may come.
        (await kept.Exec([], "sh", "-c", "echo said; cat < /proc/self/fd/1 > /dev/null & exit 0")).Succeeded();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.KernelRuntimes), MemberType = typeof(PodspawnOci))]
    public async Task What_a_command_writes_to_its_own_stdin_moves_the_callers_file_no_further_back(string runtime)
    {
        File.WriteAllText($"{directory}/in", "first\nsecond\n");
        await Shell($"(read line; {Run(runtime, "-i")} sh -c 'read line; echo \"got $line\"; echo much more than there ever was > /proc/self/fd/0' 2>/dev/null; cat) < in > out");
        Assert.Equal("got second\nsecond\n", File.ReadAllText($"{directory}/out"));
    }

    private static string Run(string runtime, string flags = "") => $"'{Repository.Command}' run {flags} --runtime {runtime} --rootfs '{Repository.Probe}' --";

    private async Task<CommandResult> Shell(string script) =>
        await Cli.Wrap("bash").WithArguments(["-c", script]).WithWorkingDirectory(directory).WithValidation(CommandResultValidation.None).ExecuteAsync();
}
