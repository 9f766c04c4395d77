using System.Globalization;
using System.Text;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Matrix.Reports;

/// <summary>
/// Escapes text from a container or a matrix file for a Markdown document (https://github.github.com/gfm/): it is shown unchanged, and can neither
/// end a table's cell nor begin markup, a link, a mention or an image.
/// </summary>
internal static class MarkdownText
{
    private const int LongestLine = 500;

    // These, letters, digits and non-ASCII characters have no meaning in the middle of a line.
    private const string Harmless = " ,;.()/'\"?%=+-";

    // Entities are already decoded when mentions, issue numbers, addresses and emoji are searched for; only a break in the text stops those.
    private const string Break = "<!-- -->";

    /// <summary>A text in the middle of a line, also in a table's cell; it must not be at the start of a line.</summary>
    internal static string Inline(string text)
    {
        var builder = new StringBuilder(text.Length);
        string line = Printable.Clean(text.ReplaceLineEndings(" "), LongestLine).Trim();
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (char.IsAsciiLetterOrDigit(c) || !char.IsAscii(c) || Harmless.Contains(c))
                builder.Append(c);
            else
                builder.Append(CultureInfo.InvariantCulture, $"&#{(int)c};");
            if (c is '@' or '#' or ':' || (c is 'w' or 'W' && i + 1 < line.Length && line[i + 1] == '.'))
                builder.Append(Break);
        }

        return builder.ToString();
    }

    /// <summary>A name in the middle of a line.</summary>
    internal static string Code(string text) => $"<code>{Inline(text)}</code>";

    /// <summary>A text inside an HTML block, where Markdown is not parsed.</summary>
    internal static string Html(string text) => Printable.Clean(text.ReplaceLineEndings(" "), LongestLine)
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>Lines unchanged, in a fence that none of them can end.</summary>
    internal static string Fenced(IEnumerable<string> lines, int most)
    {
        string[] all = [.. lines.SelectMany(line => line.ReplaceLineEndings("\n").Split('\n'))];
        List<string> shown = [.. all.Take(most).Select(line => Printable.Clean(line.Replace("\t", "    ", StringComparison.Ordinal), LongestLine))];
        if (all.Length > most)
            shown.Add($"... and {all.Length - most} more lines");
        string fence = new('`', Math.Max(3, shown.Max(LongestRun) + 1));
        return $"{fence}text\n{string.Join('\n', shown)}\n{fence}\n";
    }

    private static int LongestRun(string line)
    {
        int longest = 0;
        int run = 0;
        foreach (char c in line)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
