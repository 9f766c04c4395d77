using Podspawn.Oci.Configuration.Yaml;

namespace Podspawn.Oci.Matrix.Files;

/// <summary>Computes which cells run, and what is expected of each.</summary>
internal static class CellExpansion
{
    private const int MostCells = 10_000;

    /// <summary>The cells in order; none where an earlier section is so wrong that problems that follow from it would be noise.</summary>
    public static IReadOnlyList<MatrixCell> Expand(CellProduct product, SelectorLists selectors, YamlNode root, ConfigDiagnostics diagnostics)
    {
        if (product.Count > MostCells)
        {
            diagnostics.Error("", $"there are {product.Count} cells, more than {MostCells}", "divide the file into several", root);
            return [];
        }

        if (product.Count == 0 || !selectors.Sound)
            return [];
        HashSet<CellKey> running = [.. product.Cells()];
        // Each selector matches something: its names are in the file, and the product contains every combination of them.
        foreach (CellSelector selector in selectors.Exclude)
            running.RemoveWhere(selector.Matches);
        Include(running, selectors.Include, diagnostics);
        if (running.Count == 0)
        {
            diagnostics.Error("exclude", "leaves no cell", "exclude less", selectors.Exclude[^1].At);
            return [];
        }

        // The set has no order to rely on.
        List<CellKey> cells = [.. product.Cells().Where(running.Contains)];
        return Expect(cells, selectors.Expect, diagnostics);
    }

    private static void Include(HashSet<CellKey> running, IReadOnlyList<CellSelector> include, ConfigDiagnostics diagnostics)
    {
        foreach (CellSelector selector in include)
        {
            var cell = new CellKey(
                selector.Names["runtime"][0], selector.Names["config"][0], selector.Names["bundle"][0], selector.Names["probe"][0]);
            if (!running.Add(cell))
                diagnostics.Error(selector.Key, $"{cell} runs anyway", "take the entry away", selector.At);
        }
    }

    private static MatrixCell[] Expect(List<CellKey> cells, IReadOnlyList<Expectation> expect, ConfigDiagnostics diagnostics)
    {
        var expected = new List<Expectation>[cells.Count];
        for (int i = 0; i < expected.Length; i++)
            expected[i] = [];
        foreach (Expectation expectation in expect)
        {
            CellSelector selector = expectation.Selector;
            bool matches = false, told = false;
            for (int i = 0; i < expected.Length; i++)
            {
                if (!selector.Matches(cells[i]))
                    continue;
                matches = true;
                // Reported once for each entry: two that overlap often do so in many cells.
                if (!told && expected[i].Find(other => other.WhenOf(cells[i]).Meets(expectation.WhenOf(cells[i]))) is { } first)
                {
                    told = true;
                    string what = $"matches {cells[i]}, which {first.Selector.Key} on line {first.Selector.At.Line} matches too";
                    diagnostics.Error(selector.Key, what, "let one of the two match less", selector.At);
                }

                expected[i].Add(expectation);
            }

            if (!matches)
                diagnostics.Error(selector.Key, "matches no cell that runs", "take it away, or exclude less", selector.At);
        }

        var result = new MatrixCell[expected.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = Cell(cells[i], expected[i]);
        return result;
    }

    private static MatrixCell Cell(CellKey key, List<Expectation> expected)
    {
        Expectation? always = expected.Find(expectation => expectation.When is null);
        return new MatrixCell(key, always?.Result ?? CellResult.Holds, always?.Reason)
        {
            ByRelease = [.. expected.Where(expectation => expectation.When is not null).Select(
                expectation => new ReleaseExpectation(expectation.WhenOf(key), expectation.Result, expectation.Reason))],
        };
    }
}
