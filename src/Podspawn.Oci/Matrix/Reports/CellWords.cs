using System.Globalization;
using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Matrix.Reports;

/// <summary>A cell in words, the same in every report.</summary>
internal static class CellWords
{
    /// <summary>The word that the JSON has for a result.</summary>
    internal static string Of(CellResult result) => result switch
    {
        CellResult.Holds => "holds",
        CellResult.HoldsDifferently => "holds differently",
        CellResult.FallsShort => "falls short",
        CellResult.Error => "error",
        CellResult.TimeLimit => "time limit",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };

    /// <summary>From good to bad. A cell that never came to an answer is worse than one that fell short; of those two, neither is.</summary>
    internal static int Badness(CellResult result) => result is CellResult.TimeLimit ? (int)CellResult.Error : (int)result;

    /// <summary>Whether there is an <c>expect</c> entry that asks for less than there is by now.</summary>
    internal static bool IsBetterThanExpected(CellReport cell) => Badness(cell.Result) < Badness(cell.Expected);

    /// <summary>Whether there is a difference that the matrix file knows of.</summary>
    internal static bool IsKnownDifference(CellReport cell) => cell.AsExpected && cell.Expected != CellResult.Holds;

    /// <summary>What the cell came to against what was expected, in one line.</summary>
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

    /// <summary>Everything about the cell but what its command wrote: headed lists of lines, as they were seen.</summary>
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

    /// <summary>The numbers that close a report.</summary>
    internal static string Totals(MatrixReport report)
    {
        int known = report.Cells.Count(IsKnownDifference);
        string differences = known == 1 ? "1 known difference" : $"{known} known differences";
        string cells = report.Cells.Count == 1 ? "1 cell" : $"{report.Cells.Count} cells";
        return $"{cells}, {report.Cells.Count - report.Unexpected} as expected ({differences}), {report.Unexpected} unexpected";
    }

    /// <summary>The times that close a report.</summary>
    internal static string Times(MatrixReport report) => string.Create(
        CultureInfo.InvariantCulture, $"{report.Seconds:0.0} s elapsed for {report.CellSeconds:0.0} s of cells, {report.Jobs} at once");

    private static IEnumerable<string> Listed(string heading, IReadOnlyList<string> lines) =>
        lines.Count == 0 ? [] : lines.Select(line => "  " + line).Prepend(heading);
}
