using Spectre.Console;

namespace Podspawn.Oci.Cli.Output;

/// <summary>A table on stdout: fitted to the terminal's width, or one unbroken line a row where the output is not a terminal.</summary>
internal sealed class TextTable
{
    private readonly string[] headings;
    private readonly List<string[]> rows = [];

    /// <summary>Whether the headings are shown.</summary>
    internal bool ShowsHeadings { get; init; } = true;

    internal TextTable(params string[] headings) => this.headings = headings;

    internal void Add(params string[] cells) => rows.Add(cells);

    internal void Print()
    {
        if (Console.IsOutputRedirected)
            PrintPlain();
        else
            PrintFitted();
    }

    /// <summary>The lines, one for each row.</summary>
    internal IEnumerable<string> Lines()
    {
        int[] widths = [.. headings.Select((heading, i) => rows.Select(row => row[i].Length).Append(ShowsHeadings ? heading.Length : 0).Max())];
        return (ShowsHeadings ? rows.Prepend(headings) : rows).Select(row => string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
    }

    // In one go: each write to the stream is one write to the file.
    private void PrintPlain() => Streams.Output.Write(string.Concat(Lines().Select(line => $"{line}\n")));

    private void PrintFitted()
    {
        var table = new Table { Border = TableBorder.Simple, ShowHeaders = ShowsHeadings };
        foreach (string heading in headings)
            table.AddColumn(Markup.Escape(heading));
        foreach (string[] row in rows)
            table.AddRow([.. row.Select(cell => new Spectre.Console.Text(cell))]);
        AnsiConsole.Write(table);
    }
}
