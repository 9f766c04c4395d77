using System.Buffers;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using CliWrap;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle.Logging;

/// <summary>
/// Prints what a container has said to systemd's journal, by journalctl(1): an entry has the container's id and, at its priority, the stream, as conmon
/// writes them. A line that is longer than conmon's buffer is in several entries.
/// </summary>
internal sealed class JournalReader
{
    private const int PriorityOfErrors = 3;
    private const int LookMilliseconds = 100;

    private readonly string id;
    private readonly LogQuery query;
    private readonly LogOutput output;
    private readonly LogPrinter printer;
    private readonly string program;
    private readonly ArrayBufferWriter<byte> record = new();
    private string? cursor;

    /// <exception cref="Errors.ContainerException">The host has no journalctl.</exception>
    internal JournalReader(string id, LogQuery query, LogOutput output)
    {
        this.id = id;
        this.query = query;
        this.output = output;
        printer = new LogPrinter(query, output);
        program = HostProgram.Find("journalctl") ?? throw LifecycleErrors.Of($"{HostProgram.WhyNot("journalctl")}, and nothing else reads the journal; install systemd");
    }

    /// <summary>Prints what is in the journal.</summary>
    /// <exception cref="ReaderGoneException">The output has lost its reader.</exception>
    internal void Print()
    {
        PrintRest();
        output.End();
    }

    /// <summary>Prints what is in the journal and what follows, until the run that this monitor watches has ended.</summary>
    /// <exception cref="ReaderGoneException">The output has lost its reader.</exception>
    internal void Follow(ProcessIdentity? monitor)
    {
        using SafeFileHandle? alive = monitor?.Open();
        if (alive is not null)
        {
            using var ended = new CancellationTokenSource();
            Task following = Run(["--follow", .. Wanted()], ended.Token);
            while (!following.IsCompleted && !printer.IsDone && !HasEnded(alive))
            {
            }
            ended.Cancel();
            Await(following, ended.Token);
        }
        PrintRest();
        output.End();
    }

    // While the container says nothing, no write of ours would reveal that the reader is gone.
    private bool HasEnded(SafeFileHandle alive)
    {
        Span<TerminalCalls.PollFd> fds = [new(alive, TerminalCalls.POLLIN), new(output.DescriptorOf(0), 0), new(output.DescriptorOf(1), 0)];
        _ = TerminalCalls.Poll(fds, LookMilliseconds);
        foreach (TerminalCalls.PollFd fd in fds[1..])
        {
            if ((fd.Revents & TerminalCalls.POLLERR) != 0)
                throw new ReaderGoneException();
        }
        return (fds[0].Revents & TerminalCalls.POLLIN) != 0;
    }

    private void PrintRest()
    {
        if (printer.IsDone)
            return;
        // What was written may still be on its way.
        Await(Run(["--sync"], CancellationToken.None), CancellationToken.None);
        Await(Run(Wanted(), CancellationToken.None), CancellationToken.None);
    }

    private List<string> Wanted()
    {
        List<string> arguments = [$"CONTAINER_ID_FULL={id}", "--output=json", "--all", "--quiet", "--no-pager"];
        if (cursor is not null)
            arguments.Add($"--after-cursor={cursor}");
        else
            arguments.Add($"--lines={query.Tail?.ToString(CultureInfo.InvariantCulture) ?? "all"}");
        return arguments;
    }

    private Task Run(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var complaint = new StringBuilder();
        return Finish();

        async Task Finish()
        {
            CommandResult result = await CliWrap.Cli.Wrap(program).WithArguments(arguments).WithValidation(CommandResultValidation.None)
                .WithStandardOutputPipe(PipeTarget.ToDelegate(Take, Encoding.UTF8)).WithStandardErrorPipe(PipeTarget.ToStringBuilder(complaint))
                .ExecuteAsync(cancel).ConfigureAwait(false);
            if (result.ExitCode != 0 && complaint.Length > 0)
                throw LifecycleErrors.Of($"{program}: {complaint.ToString().Trim()}; see whether the journal works on this host");
        }
    }

    private static void Await(Task task, CancellationToken cancel)
    {
        try
        {
            task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The container has ended, and with it the wait for more.
        }
        catch (AggregateException e) when (e.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
        }
    }

    // One entry is one line (journalctl(1), "json"): bytes that are no UTF-8 come as an array of numbers.
    private void Take(string line)
    {
        if (line.Length == 0 || printer.IsDone)
            return;
        using JsonDocument entry = JsonDocument.Parse(line);
        JsonElement fields = entry.RootElement;
        if (!fields.TryGetProperty("MESSAGE", out JsonElement message) || !fields.TryGetProperty("__REALTIME_TIMESTAMP", out JsonElement time))
            return;
        cursor = fields.TryGetProperty("__CURSOR", out JsonElement place) ? place.GetString() : cursor;
        bool isError = fields.TryGetProperty("PRIORITY", out JsonElement priority) && priority.GetString() == PriorityOfErrors.ToString(CultureInfo.InvariantCulture);
        bool isPartial = fields.TryGetProperty("CONTAINER_PARTIAL_MESSAGE", out JsonElement partial) && partial.GetString() == "true";
        record.ResetWrittenCount();
        Write($"{Time(time.GetString())} {(isError ? "stderr" : "stdout")} {(isPartial ? 'P' : 'F')} ");
        ReadOnlySpan<byte> text = message.ValueKind switch
        {
            JsonValueKind.String => Encoding.UTF8.GetBytes(message.GetString()!),
            JsonValueKind.Array => [.. message.EnumerateArray().Select(part => part.GetByte())],
            _ => [],
        };
        record.Write(text);
        // conmon leaves the line end there (seen with 2.1.6).
        if (!text.EndsWith((byte)'\n'))
            Write("\n");
        printer.Print(record.WrittenSpan, 0, isWhole: true);
        if (query.Follow)
            output.Flush();
    }

    private void Write(string text) => Encoding.UTF8.GetBytes(text, record);

    // Microseconds since 1970, in the form of the log files.
    private static string Time(string? microseconds) => DateTimeOffset.UnixEpoch
        .AddTicks(long.Parse(microseconds ?? "0", CultureInfo.InvariantCulture) * TimeSpan.TicksPerMicrosecond)
        .ToString("yyyy-MM-ddTHH:mm:ss.ffffff000+00:00", CultureInfo.InvariantCulture);
}
