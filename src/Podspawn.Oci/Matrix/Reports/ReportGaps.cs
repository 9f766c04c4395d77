using System.Text.Json;

namespace Podspawn.Oci.Matrix.Reports;

/// <summary>
/// Finds what the JSON reader accepts although the records do not permit it: a null in a list, a result by an unknown number, an invalid time; and
/// null for a missing value, since generated readers ignore the initial value of an init property (https://github.com/dotnet/runtime/issues/84484).
/// </summary>
internal static class ReportGaps
{
    /// <summary>The first such value, in words that follow "has"; null where there is none.</summary>
    internal static string? First(MatrixReport report)
    {
        if (Holes(report.Runtimes) || report.Runtimes.Any(runtime => Holes(runtime.Arguments)))
            return "a null among its runtimes";
        if (Holes(report.Configs))
            return "a null among its configs";
        if (Holes(report.Bundles))
            return "a null among its bundles";
        if (Holes(report.Probes))
            return "a null among its probes";
        if (Holes(report.Specs))
            return "a null among its specs";
        if (report.Specs.Any(spec => spec.Spec.ValueKind != JsonValueKind.Object))
            return "a spec that is no object";
        if (Holes(report.Cells))
            return "a null among its cells";
        if (!IsTime(report.Seconds) || !IsTime(report.CellSeconds))
            return "a time that is none";
        return report.Cells.Select(InCell).FirstOrDefault(gap => gap is not null);
    }

    private static string? InCell(CellReport cell)
    {
        if (Holes(cell.Evidence) || Holes(cell.Shortfalls) || Holes(cell.Notes) || (cell.Command is { } command && Holes(command)))
            return "a null in the lines of a cell";
        if (cell.Errors is null)
            return "a cell without errors";
        if (!Enum.IsDefined(cell.Result) || !Enum.IsDefined(cell.Expected))
            return "an unknown result in a cell";
        return IsTime(cell.Seconds) ? null : "a cell with a time that is none";
    }

    private static bool Holes<T>(IReadOnlyList<T>? items)
        where T : class
    {
        if (items is null)
            return true;
        foreach (T? item in items)
        {
            if (item is null)
                return true;
        }

        return false;
    }

    private static bool IsTime(double seconds) => double.IsFinite(seconds) && seconds >= 0;
}
