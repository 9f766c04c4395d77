using System.Globalization;

namespace Podspawn.Oci.Matrix.Reports;

/// <summary>The texts about a cell, the same in every report.</summary>
internal static class CellWords
{
    /// <summary>The word for a result in the JSON.</summary>
    internal static string Of(CellResult result) => result switch
    {
        CellResult.Holds => "holds",
        CellResult.HoldsDifferently => "holds differently",
        CellResult.FallsShort => "falls short",
        CellResult.Error => "error",
        CellResult.TimeLimit => "time limit",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };

    /// <summary>The order from good to bad. A cell without an answer is worse than one that falls short; an error and a time limit are equal.</summary>
    internal static int Badness(CellResult result) => result is CellResult.TimeLimit ? (int)CellResult.Error : (int)result;

    /// <summary>Whether the result is better than an <c>expect</c> entry says.</summary>
    internal static bool IsBetterThanExpected(CellReport cell) => Badness(cell.Result) < Badness(cell.Expected);

    /// <summary>Whether it differs in a way that the matrix file expects.</summary>
    internal static bool IsKnownDifference(CellReport cell) => cell.AsExpected && cell.Expected != CellResult.Holds;

    /// <summary>The cell's result and the expected one, in one line.</summary>
    internal static string Verdict(CellReport cell)
    {
        string result = Of(cell.Result);
        string reason = string.IsNullOrWhiteSpace(cell.Reason) ? "" : $" ({cell.Reason})";
        if (cell.AsExpected)
            return cell.Expected == CellResult.Holds ? result : $"{result}, as expected{reason}";

        string hint = !IsBetterThanExpected(cell) ? ""
            : cell.Result == CellResult.Holds ? "; take the expect entry out of the matrix file"
            : $"; let the expect entry in the matrix file say {result}";
        return $"{result}, expected {Of(cell.Expected)}{reason}{hint}";
    }

    /// <summary>Everything about the cell except its command's output: headed lists of lines, as they were recorded.</summary>
    internal static IEnumerable<string> Details(CellReport cell)
    {
        yield return $"wish: {cell.Expectation}";
        yield return $"result: {Verdict(cell)}";
        if (cell.Command is { } command)
            yield return $"command: {string.Join(' ', command)}";
        if (cell.ExitStatus is { } status)
            yield return $"exit status: {status.ToString(CultureInfo.InvariantCulture)}";
        foreach (string line in Listed("shortfalls:", cell.Shortfalls))
            yield return line;
        foreach (string line in Listed("evidence:", cell.Evidence))
            yield return line;
        foreach (string line in Listed("notes:", cell.Notes))
            yield return line;
    }

    /// <summary>The numbers at the end of a report.</summary>
    internal static string Totals(MatrixReport report)
    {
        int known = report.Cells.Count(IsKnownDifference);
        string differences = known == 1 ? "1 known difference" : $"{known} known differences";
        string cells = report.Cells.Count == 1 ? "1 cell" : $"{report.Cells.Count} cells";
        return $"{cells}, {report.Cells.Count - report.Unexpected} as expected ({differences}), {report.Unexpected} unexpected";
    }

    /// <summary>The times at the end of a report.</summary>
    internal static string Times(MatrixReport report) => string.Create(
        CultureInfo.InvariantCulture, $"{report.Seconds:0.0} s elapsed for {report.CellSeconds:0.0} s of cells, {report.Jobs} at once");

    private static IEnumerable<string> Listed(string heading, IReadOnlyList<string> lines) =>
        lines.Count == 0 ? [] : lines.Select(line => "  " + line).Prepend(heading);
}
