using System.Globalization;
using System.Text;

namespace Podspawn.Oci.Matrix.Reports;

/// <summary>A report as GitHub-flavoured Markdown, for the summary of a CI job.</summary>
public static class MarkdownReport
{
    // A job's summary may have 1 MiB; a larger one is dropped as a whole
    // (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits).
    private const int MostBytes = 900_000;
    private const int MostLines = 60;
    private const int MostNames = 200;

    /// <summary>Writes a report: totals, a table for each config, the unexpected cells, the known differences.</summary>
    public static void Write(MatrixReport report, TextWriter writer)
    {
        int left = MostBytes;
        int unwritten = 0;
        foreach (string section in Sections(report))
        {
            int size = Encoding.UTF8.GetByteCount(section);
            if (size <= left)
                writer.Write(section);
            else
                unwritten++;
            left -= size <= left ? size : 0;
        }

        if (unwritten > 0)
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"\nToo long for a summary: {unwritten} more sections; the JSON has them all.\n"));
    }

    private static IEnumerable<string> Sections(MatrixReport report)
    {
        yield return Head(report);
        foreach (MatrixGrid grid in MatrixGrid.Of(report))
            yield return Table(grid);

        CellReport[] unexpected = [.. report.Cells.Where(cell => !cell.AsExpected)];
        if (unexpected.Length > 0)
            yield return "\n## Unexpected\n";
        foreach (CellReport cell in unexpected)
            yield return Unexpected(cell);

        // Grouped by their text: a runtime's difference shows in many cells.
        IGrouping<(CellResult, string), CellReport>[] known =
            [.. report.Cells.Where(CellWords.IsKnownDifference).GroupBy(cell => (cell.Result, cell.Reason ?? "no reason given"))];
        if (known.Length > 0)
            yield return "\n## Known differences\n\n";
        foreach (IGrouping<(CellResult Result, string Reason), CellReport> group in known)
            yield return Known(group.Key.Result, group.Key.Reason, [.. group]);
    }

    private static string Head(MatrixReport report)
    {
        string mark = report.Unexpected == 0 ? "✅" : "❌";
        var text = new StringBuilder($"# {mark} Runtime matrix\n\n**{CellWords.Totals(report)}**\n\nTook {CellWords.Times(report)}.\n\n");
        MatrixHost host = report.Host;
        text.Append(CultureInfo.InvariantCulture,
            $"- Host: kernel {MarkdownText.Code(host.Kernel)}, {MarkdownText.Code(host.Architecture)}, cgroups {MarkdownText.Code(host.Cgroups)}, {host.Processors} processors.\n");
        foreach (ReportedRuntime runtime in report.Runtimes)
        {
            string arguments = runtime.Arguments.Count == 0 ? "" : $" with {MarkdownText.Code(string.Join(' ', runtime.Arguments))}";
            text.Append(CultureInfo.InvariantCulture,
                $"- Runtime {MarkdownText.Code(runtime.Name)}: {MarkdownText.Code(runtime.Version)}{arguments}.\n");
        }

        return text.Append("\n✅ holds, ≈ a known difference, ❌ unexpected, – not run.\n").ToString();
    }

    private static string Table(MatrixGrid grid)
    {
        var text = new StringBuilder($"\n### Config {MarkdownText.Code(grid.Config)}");
        if (grid.Bundle is { } bundle)
            text.Append(CultureInfo.InvariantCulture, $", bundle {MarkdownText.Code(bundle)}");
        text.Append("\n\n| probe |");
        foreach (string runtime in grid.Runtimes)
            text.Append(CultureInfo.InvariantCulture, $" {MarkdownText.Inline(runtime)} |");
        text.Append("\n| --- |").Insert(text.Length, " --- |", grid.Runtimes.Count).Append('\n');
        foreach (string probe in grid.Probes)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {MarkdownText.Inline(probe)} |");
            foreach (string runtime in grid.Runtimes)
                text.Append(CultureInfo.InvariantCulture, $" {string.Join(", ", grid.Cells[(runtime, probe)].Select(Marked).DefaultIfEmpty("–"))} |");
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Marked(CellReport cell) =>
        $"{(!cell.AsExpected ? "❌" : CellWords.IsKnownDifference(cell) ? "≈" : "✅")} {CellWords.Of(cell.Result)}";

    private static string Unexpected(CellReport cell)
    {
        // A blank line ends the HTML block, so that the fences are read as Markdown.
        var text = new StringBuilder("\n<details>\n");
        text.Append(CultureInfo.InvariantCulture,
            $"<summary>❌ <code>{MarkdownText.Html(cell.Key.ToString())}</code>: {CellWords.Of(cell.Result)}, expected {CellWords.Of(cell.Expected)}</summary>\n\n");
        text.Append(MarkdownText.Fenced(CellWords.Details(cell), MostLines));
        if (!string.IsNullOrEmpty(cell.Output))
            text.Append("\nStandard output:\n\n").Append(MarkdownText.Fenced([cell.Output.TrimEnd('\n')], MostLines));
        if (cell.Errors.Length > 0)
            text.Append("\nStandard error:\n\n").Append(MarkdownText.Fenced([cell.Errors.TrimEnd('\n')], MostLines));
        return text.Append("\n</details>\n").ToString();
    }

    private static string Known(CellResult result, string reason, CellReport[] cells)
    {
        string more = cells.Length > MostNames ? $" and {cells.Length - MostNames} more" : "";
        string names = string.Join(", ", cells.Take(MostNames).Select(cell => MarkdownText.Code(cell.Key.ToString())));
        return $"- ≈ **{CellWords.Of(result)}**: {MarkdownText.Inline(reason)}<br>{names}{more}\n";
    }
}
