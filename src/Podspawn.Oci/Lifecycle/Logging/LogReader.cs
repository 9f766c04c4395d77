using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Logging;

/// <summary>
/// Prints the log that conmon writes, and follows it. With a size limit conmon rotates by renaming an empty file over the full one (ctr_logging.c,
/// reopen_k8s_file; seen with conmon 2.1.6). The full one is complete by then: a reader that has it open misses nothing.
/// </summary>
internal sealed class LogReader : IDisposable
{
    private readonly ContainerPaths paths;
    private readonly string log;
    private readonly LogQuery query;
    private readonly LogOutput output;
    private readonly LogPrinter printer;
    private GrowingFile? file;
    private bool isBegun;

    /// <summary>Reads a log.</summary>
    /// <param name="paths">The container's paths.</param>
    /// <param name="log">The file.</param>
    /// <param name="query">What is wanted of it.</param>
    /// <param name="output">Takes the lines.</param>
    internal LogReader(ContainerPaths paths, string log, LogQuery query, LogOutput output)
    {
        this.paths = paths;
        this.log = log;
        this.query = query;
        this.output = output;
        printer = new LogPrinter(query, output);
    }

    /// <summary>Prints what is in the log.</summary>
    /// <exception cref="ReaderGoneException">The output has lost its reader.</exception>
    internal void Print()
    {
        PrintNew();
        PrintRest();
        output.End();
    }

    /// <summary>Prints what is in the log and what follows, until the run that this monitor watches has ended.</summary>
    /// <exception cref="ReaderGoneException">The output has lost its reader.</exception>
    internal void Follow(ProcessIdentity? monitor)
    {
        using SafeFileHandle? alive = monitor?.Open();
        using var watch = new Inotify();
        watch.Watch(Path.GetDirectoryName(log)!);
        // conmon writes the exit status once the log is complete; conmon itself may live on for the exit handler.
        watch.Watch(paths.ExitDirectory);
        while (true)
        {
            watch.Drain();
            // The order matters: what was written before the end is still seen.
            bool hasEnded = alive is null || ProcessCalls.AwaitEnd(alive, 0) || File.Exists(paths.ExitFile) || IsOver();
            PrintNew();
            output.Flush();
            if (hasEnded || printer.IsDone)
                break;
            Wait(watch, alive!);
        }
        PrintRest();
        output.End();
    }

    public void Dispose() => file?.Dispose();

    private void PrintNew()
    {
        while (true)
        {
            if (file is null)
            {
                bool isFirst = !isBegun;
                isBegun = true;
                file = GrowingFile.Open(log);
                if (file is null)
                    return;
                if (isFirst && query.Tail is { } lines)
                    StartAtTail(file, lines);
            }
            // Checked first: when a file has been replaced, its contents are complete.
            bool isReplaced = file.IsReplaced(log);
            file.ReadNew(printer.Print);
            if (!isReplaced || printer.IsDone)
                return;
            PrintRest();
            file.Dispose();
            file = null;
            printer.NextFile();
        }
    }

    private void PrintRest()
    {
        if (!printer.IsDone)
            file?.ReadRest(printer.Print);
    }

    private void StartAtTail(GrowingFile begun, long lines)
    {
        (long stdout, long stderr) = LogTail.Find(begun.Handle, lines);
        begun.StartAt(Math.Min(stdout, stderr));
        printer.Start(stdout, stderr);
    }

    private bool IsOver() => query.Until is { } until && Instant.Now > until;

    private void Wait(Inotify watch, SafeFileHandle alive)
    {
        const int Outputs = 2;
        Span<TerminalCalls.PollFd> fds =
        [
            new(watch.Handle, TerminalCalls.POLLIN), new(alive, TerminalCalls.POLLIN), new(output.DescriptorOf(0), 0), new(output.DescriptorOf(1), 0),
        ];
        _ = TerminalCalls.Poll(fds, Instant.Wait(query.Until));
        foreach (TerminalCalls.PollFd fd in fds[Outputs..])
        {
            // While the container writes nothing, no write of ours would reveal the lost reader.
            if ((fd.Revents & TerminalCalls.POLLERR) != 0)
                throw new ReaderGoneException();
        }
    }
}
