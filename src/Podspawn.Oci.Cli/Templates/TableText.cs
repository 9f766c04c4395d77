using System.Text;

namespace Podspawn.Oci.Cli.Templates;

/// <summary>Aligns cells that tabs divide, as podman does: each column is as wide as its widest cell, and two blanks.</summary>
internal static class TableText
{
    private const int Least = 12;
    private const int Gap = 2;
    private const int Longest = 1 << 26;

    /// <summary>The aligned text.</summary>
    /// <exception cref="TemplateFunctionException">The blanks would make it far longer than it is.</exception>
    internal static string Align(string text)
    {
        string[][] rows = [.. text.TrimEnd('\n').Split('\n').Select(line => line.Split('\t'))];
        int[] widths = WidthsOf(rows);
        long total = rows.Sum(row => widths.Take(row.Length - 1).Sum(width => (long)width));
        if (total > Longest)
            throw new TemplateFunctionException($"the table has more than {Longest} characters; leave out its widest column");
        var aligned = new StringBuilder();
        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
                aligned.Append(row[i]).Append(' ', i < row.Length - 1 ? widths[i] - Width(row[i]) : 0);
            aligned.Append('\n');
        }
        return aligned.ToString();
    }

    // The last cell of a row needs no width.
    private static int[] WidthsOf(string[][] rows)
    {
        int[] widths = new int[rows.Max(row => row.Length)];
        Array.Fill(widths, Least);
        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length - 1; i++)
                widths[i] = Math.Max(widths[i], Gap + Width(row[i]));
        }
        return widths;
    }

    private static int Width(string cell) => cell.EnumerateRunes().Count();
}
