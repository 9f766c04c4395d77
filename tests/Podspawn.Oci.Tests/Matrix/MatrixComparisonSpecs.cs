using Podspawn.Oci.Matrix;
using Podspawn.Oci.Matrix.Reports;
using static Podspawn.Oci.Tests.Matrix.MatrixSamples;

namespace Podspawn.Oci.Tests.Matrix;

public sealed class MatrixComparisonSpecs
{
    private const string Cell1 = "runc/default/empty/pids_limit";

    /// <summary>The cell as it was and is (null: missing), and the lines.</summary>
    public static TheoryData<string, CellReport?, CellReport?, string[]> Changes => new()
    {
        { "nothing", Cell(), Cell() with { Seconds = 9 }, ["1 as before"] },
        { "worse", Cell(), Cell(result: CellResult.FallsShort), [$"worse: {Cell1}: holds -> falls short, expected holds", "1 worse, 0 as before"] },
        {
            "worse and expected", Cell(), Cell(result: CellResult.FallsShort, expected: CellResult.FallsShort, reason: "x"),
            [$"worse: {Cell1}: holds -> falls short", "1 worse, 0 as before"]
        },
        { "a little worse", Cell(), Cell(result: CellResult.HoldsDifferently), [$"worse: {Cell1}: holds -> holds differently, expected holds", "1 worse, 0 as before"] },
        { "no answer", Cell(result: CellResult.FallsShort), Cell(result: CellResult.TimeLimit),
            [$"worse: {Cell1}: falls short -> time limit, expected holds", "1 worse, 0 as before"] },
        { "better", Cell(result: CellResult.Error), Cell(), [$"better: {Cell1}: error -> holds", "1 better, 0 as before"] },
        { "better from a time limit", Cell(result: CellResult.TimeLimit), Cell(result: CellResult.FallsShort),
            [$"better: {Cell1}: time limit -> falls short, expected holds", "1 better, 0 as before"] },
        { "other", Cell(result: CellResult.Error), Cell(result: CellResult.TimeLimit), [$"changed: {Cell1}: error -> time limit, expected holds", "1 changed, 0 as before"] },
        { "the other way round", Cell(result: CellResult.TimeLimit), Cell(result: CellResult.Error),
            [$"changed: {Cell1}: time limit -> error, expected holds", "1 changed, 0 as before"] },
        {
            "expectation", Cell(result: CellResult.FallsShort), Cell(result: CellResult.FallsShort, expected: CellResult.FallsShort, reason: "x"),
            [$"expectation: {Cell1}: falls short as before; expected was holds and is falls short", "1 with another expectation, 0 as before"]
        },
        { "new", null, Cell(), [$"new: {Cell1}: holds", "1 new, 0 as before"] },
        { "new and unexpected", null, Cell(result: CellResult.Error), [$"new: {Cell1}: error, expected holds", "1 new, 0 as before"] },
        { "gone", Cell(result: CellResult.FallsShort), null, [$"gone: {Cell1}: was falls short", "1 gone, 0 as before"] },
        { "evidence", Cell(), Cell() with { Evidence = ["another"] }, ["1 with other evidence only, 0 as before"] },
        { "shortfalls", Cell(), Cell() with { Shortfalls = ["another"] }, ["1 with other evidence only, 0 as before"] },
        { "notes", Cell(), Cell() with { Notes = ["another"] }, ["1 with other evidence only, 0 as before"] },
        { "output", Cell() with { Output = "a" }, Cell() with { Output = "b" }, ["1 with other evidence only, 0 as before"] },
        { "exit status", Cell() with { ExitStatus = 0 }, Cell() with { ExitStatus = 1 }, ["1 with other evidence only, 0 as before"] },
    };

    /// <summary>Changes outside of the cells, and the lines before the totals.</summary>
    public static TheoryData<string, Func<MatrixReport, MatrixReport>, string[]> Contexts => new()
    {
        { "time", report => report with { Seconds = 9, Started = report.Started.AddDays(1), Jobs = 9, File = "other.yml" }, [] },
        { "kernel", report => report with { Host = report.Host with { Kernel = "6.5" } }, ["host: kernel: 6.1.0-18-amd64 -> 6.5"] },
        { "architecture", report => report with { Host = report.Host with { Architecture = "aarch64" } }, ["host: architecture: x86_64 -> aarch64"] },
        { "cgroups", report => report with { Host = report.Host with { Cgroups = "hybrid" } }, ["host: cgroups: v2 -> hybrid"] },
        { "processors", report => report with { Host = report.Host with { Processors = 8 } }, ["host: processors: 4 -> 8"] },
        { "version", report => With(report, runtime => runtime with { Version = "runc 1.2.0" }), ["runtime runc: version: runc 1.1.5 -> runc 1.2.0"] },
        { "path", report => With(report, runtime => runtime with { Path = "/opt/runc" }), ["runtime runc: path: /usr/sbin/runc -> /opt/runc"] },
        { "arguments", report => With(report, runtime => runtime with { Arguments = ["--debug", "-x"] }), ["runtime runc: arguments: none -> --debug -x"] },
        { "another runtime", report => With(report, runtime => runtime with { Name = "crun", Version = "crun 1.8" }),
            ["runtime crun: new: crun 1.8", "runtime runc: gone: runc 1.1.5"] },
        { "config", report => report with { Configs = [new("default", "{}")] }, ["config default: changed"] },
        { "another config", report => report with { Configs = [new("other", "{}")] }, ["config other: new", "config default: gone"] },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Every_kind_of_change_of_a_cell_is_told(string what, CellReport? old, CellReport? now, string[] lines)
    {
        CellReport[] Cells(CellReport? cell) => cell is null ? [] : [cell];
        MatrixReport like = Report(Cell());

        MatrixComparison comparison = MatrixComparison.Of(like with { Cells = Cells(old) }, like with { Cells = Cells(now) });

        Assert.True(lines.SequenceEqual(comparison.Lines()), $"{what}: {string.Join('\n', comparison.Lines())}");
    }

    [Theory]
    [MemberData(nameof(Contexts))]
    public void Every_change_around_the_cells_is_told(string what, Func<MatrixReport, MatrixReport> change, string[] lines)
    {
        MatrixReport old = Report(Cell());

        IReadOnlyList<string> told = MatrixComparison.Of(old, change(old)).Lines();

        Assert.True(lines.Append("1 as before").SequenceEqual(told), $"{what}: {string.Join('\n', told)}");
    }

    [Fact]
    public void The_worse_cells_come_first_and_all_are_counted()
    {
        MatrixReport old = Report(Cell(), Cell("crun", result: CellResult.Error), Cell("runsc"), Cell("youki"), Cell("kata"));
        MatrixReport now = Report(Cell(), Cell("crun"), Cell("new"), Cell("youki", result: CellResult.FallsShort), Cell("kata") with { Notes = ["x"] });

        IReadOnlyList<string> lines = MatrixComparison.Of(old, now).Lines();

        Assert.Equal(
            [
                "worse: youki/default/empty/pids_limit: holds -> falls short, expected holds",
                "better: crun/default/empty/pids_limit: error -> holds",
                "new: new/default/empty/pids_limit: holds",
                "gone: runsc/default/empty/pids_limit: was holds",
                "1 worse, 1 better, 1 new, 1 gone, 1 with other evidence only, 1 as before",
            ],
            lines.Where(line => !line.StartsWith("runtime ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Cells_with_other_evidence_are_listed_on_request() => Assert.Equal(
        [$"evidence: {Cell1}: holds as before, with other evidence", "1 with other evidence only, 0 as before"],
        MatrixComparison.Of(Report(Cell()), Report(Cell() with { Notes = ["x"] })).Lines(evidence: true));

    [Fact]
    public void A_report_is_as_it_is()
    {
        MatrixComparison comparison = MatrixComparison.Of(EveryKind(), EveryKind());

        Assert.Empty(comparison.Context);
        Assert.Empty(comparison.Cells);
        Assert.Equal(7, comparison.Same);
    }

    [Fact]
    public void What_a_report_says_cannot_write_to_the_terminal() => Assert.Equal(
        "new: \\u001b[2J a/default/empty/pids_limit: holds", MatrixComparison.Of(Report(), Report(Cell("\u001b[2J\na"))).Lines()[^2]);

    [Fact]
    public void A_cell_that_stands_twice_is_refused()
    {
        MatrixReport twice = Report(Cell(), Cell(result: CellResult.Error));

        Assert.Equal(
            $"the older report has the cell {Cell1} twice; run that matrix again",
            Assert.Throws<MatrixException>(() => MatrixComparison.Of(twice, Report())).Message);
        Assert.Equal(
            $"the newer report has the cell {Cell1} twice; run that matrix again",
            Assert.Throws<MatrixException>(() => MatrixComparison.Of(Report(), twice)).Message);
    }

    [Fact]
    public void Another_version_is_refused() => Assert.Equal(
        "the older report has version 2, and only version 1 is known; run that matrix again",
        Assert.Throws<MatrixException>(() => MatrixComparison.Of(Report() with { Version = 2 }, Report())).Message);

    private static MatrixReport With(MatrixReport report, Func<ReportedRuntime, ReportedRuntime> change) =>
        report with { Runtimes = [.. report.Runtimes.Select(change)] };
}
