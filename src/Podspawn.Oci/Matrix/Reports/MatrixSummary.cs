using Podspawn.Oci.Text;

namespace Podspawn.Oci.Matrix.Reports;

/// <summary>The text after the tables: each unexpected cell, and the totals.</summary>
public static class MatrixSummary
{
    private const int LongestLine = 300;
    private const int MostLines = 12;

    /// <summary>The lines, suitable for a terminal.</summary>
    public static IReadOnlyList<string> Lines(MatrixReport report) =>
        [.. report.Cells.Where(cell => !cell.AsExpected).SelectMany(Unexpected), CellWords.Totals(report), CellWords.Times(report)];

    private static IEnumerable<string> Unexpected(CellReport cell)
    {
        yield return Line($"{cell.Key}: {CellWords.Verdict(cell)}");
        foreach (string line in Why(cell).Take(MostLines))
            yield return "  " + Line(line);
        if (Why(cell).Count() - MostLines is > 0 and int more)
            yield return $"  and {more} more";
    }

    // Where nothing fell short (an unexpected pass, a failed launch), the notes and the last lines of the launch tell more.
    private static IEnumerable<string> Why(CellReport cell)
    {
        if (cell.Shortfalls.Count > 0)
            return cell.Shortfalls;
        string[] errors = cell.Result is CellResult.Error or CellResult.TimeLimit
            ? cell.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [];
        return [.. cell.Notes, .. errors.TakeLast(3)];
    }

    private static string Line(string text) => Printable.Clean(text.ReplaceLineEndings(" "), LongestLine);
}
