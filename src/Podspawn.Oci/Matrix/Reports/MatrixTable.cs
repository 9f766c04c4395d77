using Podspawn.Oci.Text;

namespace Podspawn.Oci.Matrix.Reports;

/// <summary>A table for a terminal: the probes of one config and bundle by runtime.</summary>
/// <param name="Title">The config, and the bundle where there are several.</param>
/// <param name="Headings">A heading for the probes, then the runtimes.</param>
/// <param name="Rows">A row for each probe, as long as the headings.</param>
public sealed record MatrixTable(string Title, string[] Headings, IReadOnlyList<string[]> Rows)
{
    /// <summary>Explains the words and marks in the cells.</summary>
    public const string Legend =
        "differs: holds differently; SHORT: falls short; ERROR: could not be launched; TIME: ended at its time limit; !: unexpected; -: not run";

    /// <summary>A table for each config and bundle that has a cell, in the matrix file's order.</summary>
    public static IReadOnlyList<MatrixTable> Of(MatrixReport report) => [.. MatrixGrid.Of(report).Select(Of)];

    private static MatrixTable Of(MatrixGrid grid) => new(
        Printable.Clean(grid.Config) + (grid.Bundle is null ? "" : $", bundle {Printable.Clean(grid.Bundle)}"),
        [.. grid.Runtimes.Select(runtime => Printable.Clean(runtime)).Prepend("probe")],
        [.. grid.Probes.Select(probe => grid.Runtimes
            .Select(runtime => Text(grid.Cells[(runtime, probe)])).Prepend(Printable.Clean(probe)).ToArray())]);

    // At most one cell in our own reports; in a foreign report, none is hidden.
    private static string Text(IEnumerable<CellReport> cells) => string.Join(" ", cells.Select(Text).DefaultIfEmpty("-"));

    private static string Text(CellReport cell)
    {
        string word = cell.Result switch
        {
            CellResult.HoldsDifferently => "differs",
            CellResult.FallsShort => "SHORT",
            CellResult.Error => "ERROR",
            CellResult.TimeLimit => "TIME",
            _ => CellWords.Of(cell.Result),
        };
        return cell.AsExpected ? word : word + " !";
    }
}
