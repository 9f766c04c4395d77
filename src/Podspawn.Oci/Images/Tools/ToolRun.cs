using System.Globalization;
using System.Text;
using CliWrap;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Tools;

/// <summary>The limits of a tool's run, and who receives its progress.</summary>
/// <param name="MaxSize">The limit in bytes for what it may write; a file, however small, counts as a block of 4,096.</param>
/// <param name="Place">The directory to which it writes.</param>
/// <param name="Stall">How long it may neither read nor write.</param>
/// <param name="Advance">Receives the number of bytes that it has read and written so far.</param>
internal sealed record ToolLimits(long MaxSize, string Place, TimeSpan Stall, Action<ToolTraffic> Advance)
{
    /// <summary>The time limit for the whole run.</summary>
    internal TimeSpan Time { get; init; } = TimeSpan.MaxValue;
}

/// <summary>What a process has read and written by system calls (proc(5), /proc/pid/io): files, pipes and sockets together.</summary>
internal readonly record struct ToolTraffic(long Read, long Written);

/// <summary>Runs skopeo or umoci, and enforces limits: the tools have none of their own.</summary>
internal static class ToolRun
{
    private const int Block = 4096;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs the tool to its end.</summary>
    /// <returns>The exit status, stdout and stderr.</returns>
    /// <exception cref="ImageException">The tool is not installed, or it broke a limit and was ended.</exception>
    internal static (int Status, string Output, string Error) Execute(
        string tool, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment, ToolLimits? limits, CancellationToken cancel)
    {
        Command command = Prepare(tool, arguments);
        var output = new StringBuilder();
        var error = new StringBuilder();
        using var kill = new CancellationTokenSource();
        CommandTask<CommandResult> running = command.WithEnvironmentVariables(environment).WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output)).WithStandardErrorPipe(PipeTarget.ToStringBuilder(error))
            .ExecuteAsync(kill.Token);
        // The exception to throw once the tool has been ended.
        Exception? broken = Watch(running, tool, limits, cancel);
        if (broken is not null)
            kill.Cancel();
        try
        {
            CommandResult result = running.Task.GetAwaiter().GetResult();
            return broken is null ? (result.ExitCode, output.ToString(), error.ToString()) : throw broken;
        }
        catch (OperationCanceledException)
        {
            throw broken ?? new OperationCanceledException(cancel);
        }
    }

    /// <summary>A tool's command, to be started on a thread that lives on: the tool must not outlive us, whatever ends us (prctl(2), PR_SET_PDEATHSIG).</summary>
    /// <exception cref="ImageException">The tool is not installed.</exception>
    internal static Command Prepare(string tool, IReadOnlyList<string> arguments, string? package = null)
    {
        string program = HostProgram.Find(tool) ?? throw new ImageException($"{tool} is not installed; install it (apt-get install {package ?? tool})");
        return HostProgram.Find("setpriv") is { } setpriv
            ? CliWrap.Cli.Wrap(setpriv).WithArguments(["--pdeathsig", "KILL", "--", program, .. arguments])
            : CliWrap.Cli.Wrap(program).WithArguments(arguments);
    }

    private static Exception? Watch(CommandTask<CommandResult> running, string tool, ToolLimits? limits, CancellationToken cancel)
    {
        ToolTraffic last = default;
        long filesBefore = limits is null ? 0 : FileSystemCalls.FilesIn(limits.Place);
        DateTime begin = DateTime.UtcNow, lastChange = begin;
        while (!Ended(running.Task, cancel))
        {
            if (cancel.IsCancellationRequested)
                return new OperationCanceledException(cancel);
            if (limits is not null && DateTime.UtcNow - begin > limits.Time)
                return new LimitException($"{tool} was not done after {limits.Time.TotalSeconds:0} s, and was ended: the image is far more work than its size tells; take " +
                    $"another, or allow more with {Setting.UnpackTimeout}");
            if (limits is null || TrafficOf(running.ProcessId) is not { } traffic)
                continue;
            if (traffic != last)
            {
                last = traffic;
                lastChange = DateTime.UtcNow;
                limits.Advance(traffic);
            }
            if (traffic.Written + Math.Max(0, FileSystemCalls.FilesIn(limits.Place) - filesBefore) * Block > limits.MaxSize)
                return new LimitException($"the image is larger than {Text.ByteSize.Format(limits.MaxSize)}, and {tool} was ended; if that is what you want, allow more with " +
                    $"{Setting.MaxSize}");
            if (DateTime.UtcNow - lastChange > limits.Stall)
                return new ImageException($"nothing came for {limits.Stall.TotalSeconds:0} s, and {tool} was ended; try again, or allow more with {Setting.StallTimeout}");
        }
        return null;
    }

    private static bool Ended(Task task, CancellationToken cancel)
    {
        try
        {
            return task.Wait((int)Look.TotalMilliseconds, cancel);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (AggregateException)
        {
            // The caller that waits for the result gets the exception.
            return true;
        }
    }

    private static ToolTraffic? TrafficOf(int pid)
    {
        long read = -1, written = -1;
        foreach (string line in (SmallFile.Read($"/proc/{pid}/io") ?? "").Split('\n'))
        {
            if (line.StartsWith("rchar: ", StringComparison.Ordinal))
                _ = long.TryParse(line.AsSpan(7), NumberStyles.None, CultureInfo.InvariantCulture, out read);
            else if (line.StartsWith("wchar: ", StringComparison.Ordinal))
                _ = long.TryParse(line.AsSpan(7), NumberStyles.None, CultureInfo.InvariantCulture, out written);
        }
        return read >= 0 && written >= 0 ? new ToolTraffic(read, written) : null;
    }
}
