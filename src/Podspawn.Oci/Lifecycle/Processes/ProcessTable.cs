using System.Globalization;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Processes;

/// <summary>A table of processes as ps(1) shows them.</summary>
/// <param name="Titles">The columns.</param>
/// <param name="Rows">One row for each process; the last cell holds the rest of its line.</param>
public sealed record ProcessTable(IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    private const int LongestCell = 4096;
    private const string Pid = "PID";
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>Parses what ps printed of every process, and selects the rows of some.</summary>
    /// <exception cref="ContainerException">The rows cannot be attributed to processes; the message is docker's.</exception>
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
            // The name of a process may consist of blanks only.
            while (row.Count < titles.Length)
                row.Add("");
            string cell = row[pid];
            // With the option m each thread has its own line below its process, without a number.
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
    /// Parses a table whose cells, except the last of a row, contain no blanks. The names of processes are text from the container, and runsc prints
    /// their line ends unchanged: a line that is not a row continues the name before it.
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
        // The cells before the last, and then the rest of the line.
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
