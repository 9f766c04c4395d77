using Podspawn.Oci.Text;

namespace Podspawn.Oci.Matrix.Reports;

/// <summary>The changes from one run of a matrix to another. The times of the cells are ignored.</summary>
/// <param name="Context">The changes outside of the cells: the host, the runtimes, the configs.</param>
/// <param name="Cells">The cells that changed, the worse ones first, then in the matrix file's order.</param>
/// <param name="Same">The number of cells that did not change at all.</param>
public sealed record MatrixComparison(IReadOnlyList<ContextChange> Context, IReadOnlyList<CellChange> Cells, int Same)
{
    private const int LongestLine = 300;

    /// <summary>Compares two reports.</summary>
    /// <exception cref="MatrixException">A report is of an unknown version, or contains a cell twice.</exception>
    public static MatrixComparison Of(MatrixReport old, MatrixReport now)
    {
        Dictionary<CellKey, CellReport> oldCells = CellsOf(old, "older");
        Dictionary<CellKey, CellReport> nowCells = CellsOf(now, "newer");
        IEnumerable<CellKey> keys = now.Cells.Concat(old.Cells).Select(cell => cell.Key).Distinct();
        CellChange?[] changes = [.. keys.Select(key => CellChange.Between(oldCells.GetValueOrDefault(key), nowCells.GetValueOrDefault(key)))];
        CellChange[] real = [.. changes.OfType<CellChange>().OrderBy(change => change.Kind)];
        return new([.. ContextChange.Between(old, now)], real, changes.Length - real.Length);
    }

    /// <summary>
    /// The comparison as text for a terminal: the changes outside of the cells, each cell that changed, the totals. Cells of which only the evidence
    /// changed are counted, and listed where <paramref name="evidence"/> is set.
    /// </summary>
    public IReadOnlyList<string> Lines(bool evidence = false)
    {
        List<string> lines = [.. Context.Select(change => Line(change.ToString()))];
        foreach (CellChange change in Cells)
        {
            if (evidence || change.Kind != CellChangeKind.Evidence)
                lines.Add(Line($"{Word(change.Kind)}: {change.Text}"));
        }

        IEnumerable<string> counts = Cells.GroupBy(change => change.Kind).Select(group => $"{group.Count()} {Counted(group.Key)}");
        lines.Add(string.Join(", ", counts.Append($"{Same} as before")));
        return lines;
    }

    private static Dictionary<CellKey, CellReport> CellsOf(MatrixReport report, string which)
    {
        if (report.Version != MatrixReport.CurrentVersion)
        {
            throw new MatrixException(
                $"the {which} report has version {report.Version}, and only version {MatrixReport.CurrentVersion} is known; run that matrix again");
        }

        var cells = new Dictionary<CellKey, CellReport>();
        foreach (CellReport cell in report.Cells)
        {
            if (!cells.TryAdd(cell.Key, cell))
                throw new MatrixException($"the {which} report has the cell {Line(cell.Key.ToString())} twice; run that matrix again");
        }

        return cells;
    }

    private static string Word(CellChangeKind kind) => kind switch
    {
        CellChangeKind.Worse => "worse",
        CellChangeKind.Better => "better",
        CellChangeKind.Other => "changed",
        CellChangeKind.Expectation => "expectation",
        CellChangeKind.New => "new",
        CellChangeKind.Gone => "gone",
        _ => "evidence",
    };

    private static string Counted(CellChangeKind kind) => kind switch
    {
        CellChangeKind.Expectation => "with another expectation",
        CellChangeKind.Evidence => "with other evidence only",
        _ => Word(kind),
    };

    private static string Line(string text) => Printable.Clean(text.ReplaceLineEndings(" "), LongestLine);
}
