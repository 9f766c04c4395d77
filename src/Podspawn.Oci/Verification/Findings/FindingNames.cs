namespace Podspawn.Oci.Verification.Findings;

/// <summary>The names of the findings, which are the names of the built-in probes of a matrix.</summary>
public static class FindingNames
{
    /// <summary>All names, in the order of a report.</summary>
    public static IReadOnlyList<string> All { get; } = [.. FindingTable.Rows.Select(row => row.Name)];
}
