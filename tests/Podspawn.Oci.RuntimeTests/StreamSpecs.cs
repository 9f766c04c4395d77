using System.Security.Cryptography;
using CliWrap;

namespace Podspawn.Oci.RuntimeTests;

/// <summary>stdin, stdout and stderr are the caller's own.</summary>
public sealed class StreamSpecs : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("podspawn-oci-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [MemberData(nameof(Podspawn.Runtimes), MemberType = typeof(Podspawn))]
    public async Task With_interactive_stdin_goes_through_byte_for_byte(string runtime)
    {
        byte[] sent = RandomNumberGenerator.GetBytes(8 << 20);
        Outcome outcome = (await Podspawn.Call(
            ["run", "-i", "--runtime", runtime, "--rootfs", Repository.Probe, "cat"], PipeSource.FromBytes(sent))).Succeeded();
        Assert.True(sent.AsSpan().SequenceEqual(outcome.Output));
    }

    [Theory]
    [MemberData(nameof(Podspawn.Runtimes), MemberType = typeof(Podspawn))]
    public async Task Without_interactive_stdin_is_empty(string runtime)
    {
        Outcome outcome = (await Podspawn.Call(
            ["run", "--runtime", runtime, "--rootfs", Repository.Probe, "cat"], PipeSource.FromString("not for you"))).Succeeded();
        Assert.Empty(outcome.Output);
    }

    [Theory]
    [MemberData(nameof(Podspawn.Runtimes), MemberType = typeof(Podspawn))]
    public async Task Stdout_and_stderr_stay_apart(string runtime)
    {
        Outcome outcome = (await Podspawn.Probe(runtime, [], "sh", "-c", "echo to stdout; echo to stderr >&2")).Succeeded();
        Assert.Equal("to stdout\n", outcome.Text);
        Assert.EndsWith("to stderr\n", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Podspawn.Runtimes), MemberType = typeof(Podspawn))]
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
    [MemberData(nameof(Podspawn.Runtimes), MemberType = typeof(Podspawn))]
    public async Task A_closed_pipe_ends_the_writer(string runtime)
    {
        CommandResult result = await Shell($"{Run(runtime)} yes 2>/dev/null | head -n 1 > out; echo ${{PIPESTATUS[0]}} > status");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("y\n", File.ReadAllText($"{directory}/out"));
        // 128 + SIGPIPE, or the program's own status where it is told EPIPE (pid 1 has no default for signals).
        Assert.Contains(File.ReadAllText($"{directory}/status").Trim(), new[] { "141", "1" });
    }

    [Theory]
    [MemberData(nameof(Podspawn.Runtimes), MemberType = typeof(Podspawn))]
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
    [MemberData(nameof(Podspawn.Runtimes), MemberType = typeof(Podspawn))]
    public async Task A_file_is_read_from_where_the_caller_stands(string runtime)
    {
        File.WriteAllText($"{directory}/in", "first\nsecond\n");
        await Shell($"(read line; {Run(runtime, "-i")} cat > rest 2>/dev/null) < in");
        Assert.Equal("second\n", File.ReadAllText($"{directory}/rest"));
    }

    [Theory]
    [MemberData(nameof(Podspawn.Runtimes), MemberType = typeof(Podspawn))]
    public async Task A_closed_stderr_does_not_keep_the_container_from_running(string runtime)
    {
        await Shell($"{Run(runtime)} sh -c 'echo ran; exit 3' 2>&- > out; echo $? > status");
        Assert.Equal("ran\n", File.ReadAllText($"{directory}/out"));
        Assert.Equal("3\n", File.ReadAllText($"{directory}/status"));
    }

    private static string Run(string runtime, string flags = "") => $"'{Repository.Command}' run {flags} --runtime {runtime} --rootfs '{Repository.Probe}' --";

    private async Task<CommandResult> Shell(string script) =>
        await Cli.Wrap("bash").WithArguments(["-c", script]).WithWorkingDirectory(directory).WithValidation(CommandResultValidation.None).ExecuteAsync();
}
