using CsCheck;
using Podspawn.Oci.Matrix;
using Podspawn.Oci.Matrix.Reports;
using static Podspawn.Oci.Tests.Matrix.MatrixSamples;

namespace Podspawn.Oci.Tests.Matrix;

public sealed class MatrixTableSpecs
{
    [Fact]
    public void There_is_a_table_for_each_config_with_probes_by_runtime()
    {
        IReadOnlyList<MatrixTable> tables = MatrixTable.Of(EveryKind());

        Assert.Equal(["default", "locked-down"], tables.Select(table => table.Title));
        Assert.All(tables, table => Assert.Equal(["probe", "runc", "runsc"], table.Headings));
        Assert.Equal(
            [["pids_limit", "holds", "holds !"], ["seccomp", "differs", "ERROR !"], ["hello", "SHORT !", "-"]],
            tables[0].Rows);
        Assert.Equal([["pids_limit", "-", "TIME !"], ["seccomp", "-", "SHORT"]], tables[1].Rows);
    }

    [Fact]
    public void Bundles_are_told_apart_where_there_are_several()
    {
        IReadOnlyList<MatrixTable> tables = MatrixTable.Of(Report(Cell(), Cell(bundle: "busybox", result: CellResult.FallsShort)));

        Assert.Equal(["default, bundle empty", "default, bundle busybox"], tables.Select(table => table.Title));
        Assert.Equal([["pids_limit", "holds"]], tables[0].Rows);
        Assert.Equal([["pids_limit", "SHORT !"]], tables[1].Rows);
    }

    [Fact]
    public void A_runtime_that_never_ran_has_its_column()
    {
        MatrixReport report = Report(Cell()) with { Runtimes = [new("crun", "/usr/bin/crun", "crun 1.8", []), new("runc", "/usr/sbin/runc", "runc 1.1.5", [])] };

        MatrixTable table = Assert.Single(MatrixTable.Of(report));

        Assert.Equal(["probe", "crun", "runc"], table.Headings);
        Assert.Equal([["pids_limit", "-", "holds"]], table.Rows);
    }

    [Fact]
    public void A_cell_whose_names_the_report_does_not_list_is_not_hidden()
    {
        MatrixReport report = Report(Cell()) with { Cells = [Cell(), Cell("crun", "other", "seccomp", CellResult.FallsShort)] };

        Assert.Contains(MatrixTable.Of(report), table => table.Title == "other" && table.Rows.Any(row => row.SequenceEqual(["seccomp", "-", "SHORT !"])));
    }

    [Fact]
    public void The_summary_tells_of_each_unexpected_cell_and_closes_with_the_totals() => Assert.Equal(
        [
            "runc/default/empty/hello: falls short, expected holds",
            "  exit status 3, not 0",
            "runsc/default/empty/pids_limit: holds, expected falls short (gVisor counts threads); take the expect entry out of the matrix file",
            "runsc/default/empty/seccomp: error, expected holds",
            "  starting container: no such file",
            "runsc/locked-down/empty/pids_limit: time limit, expected holds",
            "7 cells, 3 as expected (2 known differences), 4 unexpected",
            "1.5 s elapsed for 1.8 s of cells, 2 at once",
        ],
        MatrixSummary.Lines(EveryKind()));

    [Fact]
    public void A_difference_that_got_smaller_names_what_to_expect_instead()
    {
        MatrixReport report = Report(Cell(result: CellResult.HoldsDifferently, expected: CellResult.FallsShort, reason: "no filter"));

        Assert.Equal(
            "runc/default/empty/pids_limit: holds differently, expected falls short (no filter); let the expect entry in the matrix file say holds differently",
            MatrixSummary.Lines(report)[0]);
    }

    [Fact]
    public void A_long_list_of_shortfalls_is_cut_with_the_number_of_the_rest()
    {
        CellReport cell = Cell(result: CellResult.FallsShort) with { Shortfalls = [.. Enumerable.Range(1, 20).Select(i => $"path {i}")] };

        IReadOnlyList<string> lines = MatrixSummary.Lines(Report(cell));

        Assert.Equal("  path 12", lines[12]);
        Assert.Equal("  and 8 more", lines[13]);
    }

    [Fact]
    public void Nothing_that_a_container_wrote_reaches_the_terminal_as_a_control_character() => HostileReport.Sample(report =>
        Assert.DoesNotContain(TableAndSummary(report), text => text.Any(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u202e' or '\u2028')));

    private static string[] TableAndSummary(MatrixReport report) =>
    [
        .. MatrixTable.Of(report).SelectMany(table => table.Rows.SelectMany(row => row).Concat(table.Headings).Append(table.Title)),
        .. MatrixSummary.Lines(report),
    ];
}
