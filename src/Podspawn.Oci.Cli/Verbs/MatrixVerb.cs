using System.CommandLine;
using System.Runtime.InteropServices;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Matrix;
using Podspawn.Oci.Matrix.Files;
using Podspawn.Oci.Matrix.Reports;
using Podspawn.Oci.Matrix.Running;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Store;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>matrix</c>: runs runtimes x security configs x bundles x probes.</summary>
internal static class MatrixVerb
{
    private const string DefaultFile = "runtime-matrix.yml";
    private const int Interrupted = 130;

    internal static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = $"The matrix (default: {DefaultFile})", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => DefaultFile };
        var jobs = new Option<int>("--jobs", "-j") { HelpName = "N", Description = "How many cells at a time (default: one a processor)",
            DefaultValueFactory = _ => Environment.ProcessorCount };
        var select = new Option<string[]>("--select") { HelpName = "KEY=NAME[,NAME]", Description = "Run only these: runtime=, config=, bundle=, probe=; may be repeated" };
        var compare = new Option<string?>("--compare") { HelpName = "OLD.json", Description = "Tell what changed since" };
        Option<string> format = Formats.Option();
        var files = new ReportFiles();
        var verb = new Command("matrix", """
            Run each runtime with each security config on each bundle against each probe, as a matrix file says, and compare the results
            with what the file expects. Exit status 0 when every cell is as expected, 1 otherwise, 125 when the matrix could not run.

            Examples:
              podspawn-oci matrix
              podspawn-oci matrix ci/runtime-matrix.yml --jobs 4 --junit results.xml --html results.html
              podspawn-oci matrix --select runtime=runsc --select probe=pids_limit,tmpfs
              podspawn-oci matrix --json new.json --compare old.json
            """)
        {
            file, jobs, select, compare, format,
        };
        files.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            bool json = Formats.IsJson(parsed.GetValue(format));
            files.Read(parsed);
            int count = parsed.GetValue(jobs) is > 0 and <= 1024 and var given ? given : throw new UsageException("--jobs: write a number from 1 to 1024");
            MatrixFile whole = MatrixFileReader.Load(parsed.GetValue(file) ?? DefaultFile);
            MatrixFile matrix = MatrixSelection.Apply(whole, parsed.GetValue(select) ?? []);
            // Read before anything runs: a wrong name would waste the run.
            MatrixReport? old = parsed.GetValue(compare) is { } path ? MatrixSelection.Apply(MatrixReportFile.Read(path), whole, matrix) : null;
            if (Run(matrix, count) is not { } report)
                return Interrupted;
            files.Write(report);
            if (json)
                ReportFiles.WriteStandardOutput(MatrixJson.Serialize(report));
            else
                Print(report);
            if (old is not null)
                Tell(MatrixComparison.Of(old, report).Lines(), json);
            return report.Unexpected == 0 ? ExitCodes.Success : ExitCodes.Failure;
        }));
        return verb;
    }

    /// <summary>Runs the matrix; null where a signal ended the run.</summary>
    private static MatrixReport? Run(MatrixFile matrix, int jobs)
    {
        using var cancellation = new CancellationTokenSource();
        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            cancellation.Cancel();
        }
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
        string program = OwnProgram.Path;
        var runner = new MatrixRunner(new ContainerStore(StateLayout.Default), cell => new CellCommand(program, CellArguments.Of(cell)), OwnProgram.Signals);
        try
        {
            return MatrixProgress.Show(
                matrix.Cells.Count, progress => runner.RunAsync(matrix, jobs, progress.Began, progress.Ended, cancellation.Token).GetAwaiter().GetResult());
        }
        catch (OperationCanceledException)
        {
            Failures.Report("ended by a signal; the cells that ran are cleared away");
            return null;
        }
    }

    private static void Print(MatrixReport report)
    {
        foreach (MatrixTable table in MatrixTable.Of(report))
        {
            Streams.Output.WriteLine(table.Title);
            var text = new TextTable([.. table.Headings]);
            foreach (IReadOnlyList<string> row in table.Rows)
                text.Add([.. row]);
            text.Print();
            Streams.Output.WriteLine();
        }
        Tell(MatrixSummary.Lines(report), toError: false);
    }

    private static void Tell(IReadOnlyList<string> lines, bool toError)
    {
        foreach (string line in lines)
            (toError ? Streams.Error : Streams.Output).WriteLine(line);
    }
}
