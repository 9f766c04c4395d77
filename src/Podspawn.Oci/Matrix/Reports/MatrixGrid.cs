
namespace Podspawn.Oci.Matrix.Reports;

/// <summary>The cells of one config and bundle, by runtime and probe.</summary>
/// <param name="Config">The config's name.</param>
/// <param name="Bundle">The bundle's name; null where the matrix has only one.</param>
/// <param name="Runtimes">The columns: every runtime of the matrix.</param>
/// <param name="Probes">The rows: the probes that have a cell here.</param>
/// <param name="Cells">The cells.</param>
internal sealed record MatrixGrid(
    string Config, string? Bundle, IReadOnlyList<string> Runtimes, IReadOnlyList<string> Probes,
    ILookup<(string Runtime, string Probe), CellReport> Cells)
{
    /// <summary>The grids that have a cell, in the matrix file's order.</summary>
    internal static IEnumerable<MatrixGrid> Of(MatrixReport report)
    {
        string[] runtimes = InOrder(report.Runtimes.Select(runtime => runtime.Name), report.Cells.Select(cell => cell.Runtime));
        string[] configs = InOrder(report.Configs.Select(config => config.Name), report.Cells.Select(cell => cell.Config));
        string[] bundles = InOrder(report.Bundles, report.Cells.Select(cell => cell.Bundle));
        string[] probes = InOrder(report.Probes, report.Cells.Select(cell => cell.Probe));
        ILookup<(string, string), CellReport> cells = report.Cells.ToLookup(cell => (cell.Config, cell.Bundle));
        foreach (string config in configs)
        {
            foreach (string bundle in bundles)
            {
                if (!cells.Contains((config, bundle)))
                    continue;
                ILookup<(string Runtime, string Probe), CellReport> here = cells[(config, bundle)].ToLookup(cell => (cell.Runtime, cell.Probe));
                var rows = here.Select(group => group.Key.Probe).ToHashSet();
                yield return new(config, bundles.Length > 1 ? bundle : null, runtimes, [.. probes.Where(rows.Contains)], here);
            }
        }
    }

    // A cell whose names the report does not list is shown all the same: a table must not hide a result.
    private static string[] InOrder(IEnumerable<string> listed, IEnumerable<string> seen) => [.. listed.Concat(seen).Distinct()];
}
