using System.Text;

namespace Podspawn.Oci.Cli.Templates;

/// <summary>Aligns cells that tabs divide, as podman does: each column is as wide as its widest cell, and two blanks.</summary>
internal static class TableText
{
    private const int Least = 12;
    private const int Gap = 2;

    internal static string Align(string text)
    {
        string[][] rows = [.. text.TrimEnd('\n').Split('\n').Select(line => line.Split('\t'))];
        int[] widths = [.. Enumerable.Range(0, rows.Max(row => row.Length)).Select(column =>
            Math.Max(Least, Gap + rows.Where(row => column < row.Length - 1).Select(row => Width(row[column])).DefaultIfEmpty(0).Max()))];
        var aligned = new StringBuilder();
        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
                aligned.Append(row[i]).Append(' ', i < row.Length - 1 ? widths[i] - Width(row[i]) : 0);
            aligned.Append('\n');
        }
        return aligned.ToString();
    }

    private static int Width(string cell) => cell.EnumerateRunes().Count();
}
