using System.Globalization;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Processes;

/// <summary>A table of processes as ps(1) shows them.</summary>
/// <param name="Titles">The columns.</param>
/// <param name="Rows">One for each process; the last cell holds the rest of its line.</param>
public sealed record ProcessTable(IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    private const int LongestCell = 4096;
    private const string Pid = "PID";
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>Reads what ps printed of every process, and keeps the rows of some.</summary>
    /// <exception cref="ContainerException">The rows cannot be told apart, in docker's words.</exception>
    internal static ProcessTable Parse(string output, IReadOnlySet<int> wanted)
    {
        (string[] titles, string[] lines) = Split(output);
        int pid = Array.IndexOf(titles, Pid);
        if (pid < 0)
            throw LifecycleErrors.Of("Couldn't find PID field in ps output; ask for it among the columns, as in -o pid,comm");
        var rows = new List<IReadOnlyList<string>>();
        bool within = false;
        foreach (string line in lines)
        {
            List<string> row = Cells(line, titles.Length);
            // A process may call itself by nothing but blanks.
            while (row.Count < titles.Length)
                row.Add("");
            string cell = row[pid];
            // With m each thread has a line of its own below its process, without a number.
            if (cell != "-")
            {
                if (!int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                    throw LifecycleErrors.Of($"Unexpected pid {Printable.Quote(cell)} in ps output: a column before it holds blanks; put pid first among the columns");
                within = wanted.Contains(number);
            }
            if (within)
                rows.Add(row);
        }
        return new ProcessTable(titles, rows);
    }

    /// <summary>
    /// Reads a table whose cells, save the last of a row, hold no blanks. The names of processes are the container's own words, and runsc prints
    /// their line ends as they are: a line that is no row goes on with the name before it.
    /// </summary>
    internal static ProcessTable Parse(string output)
    {
        (string[] titles, string[] lines) = Split(output);
        int pid = Array.IndexOf(titles, Pid);
        var rows = new List<List<string>>();
        foreach (string line in lines)
        {
            List<string> cells = Cells(line, titles.Length);
            if (cells.Count == titles.Length && (pid < 0 || int.TryParse(cells[pid], NumberStyles.None, CultureInfo.InvariantCulture, out _)))
                rows.Add(cells);
            else if (rows is [.., List<string> before])
                before[^1] += Clean($"\n{line}");
        }
        return new ProcessTable(titles, rows);
    }

    private static (string[] Titles, string[] Lines) Split(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [string first, .. string[] lines]
        ? (first.Split(Blanks, StringSplitOptions.RemoveEmptyEntries), lines)
        : ([], []);

    private static List<string> Cells(string line, int columns)
    {
        // The cells before the last, and then the line as it goes on.
        var cells = new List<string>(columns);
        ReadOnlySpan<char> rest = line.AsSpan().Trim(Blanks);
        while (cells.Count < columns - 1 && rest.Length > 0)
        {
            int end = rest.IndexOfAny(Blanks);
            cells.Add(Clean(end < 0 ? rest : rest[..end]));
            rest = end < 0 ? default : rest[end..].TrimStart(Blanks);
        }
        cells.Add(Clean(rest));
        return cells;
    }

    private static string Clean(ReadOnlySpan<char> cell) => Printable.Clean(cell.ToString(), LongestCell);
}
