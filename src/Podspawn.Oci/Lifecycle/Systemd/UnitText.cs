using System.Globalization;
using System.Text;

namespace Podspawn.Oci.Lifecycle.Systemd;

/// <summary>Quotes words so that systemd reads the same words (systemd.syntax(7), "Quoting"; systemd.service(5), "Command lines"; systemd.unit(5), "Specifiers").</summary>
internal static class UnitText
{
    /// <summary>A word of a command line, in which systemd replaces quotes, backslashes, specifiers and variables.</summary>
    internal static string Word(string word) => Quoted(word.Replace("$", "$$", StringComparison.Ordinal));

    /// <summary>The program of a command line: the only word in which systemd replaces no variables.</summary>
    internal static string Program(string path) => Quoted(path);

    /// <summary>A command line.</summary>
    internal static string CommandLine(string program, IEnumerable<string> words) => string.Join(' ', words.Select(Word).Prepend(Program(program)));

    /// <summary>A path that is the whole value of a setting, in which systemd replaces specifiers and nothing else; null where it cannot be written so.</summary>
    internal static string? Path(string path) =>
        // systemd cuts blanks at the end off, and a backslash there joins the next line.
        path.Any(char.IsControl) || path.EndsWith('\\') || char.IsWhiteSpace(path[^1]) ? null : path.Replace("%", "%%", StringComparison.Ordinal);

    private static string Quoted(string word)
    {
        string text = word.Replace("%", "%%", StringComparison.Ordinal);
        if (text.Length > 0 && text.All(IsPlain))
            return text;
        var quoted = new StringBuilder("\"");
        foreach (Rune rune in text.EnumerateRunes())
            Append(quoted, rune);
        return quoted.Append('"').ToString();
    }

    private static void Append(StringBuilder quoted, Rune rune)
    {
        switch (rune.Value)
        {
            case '\n':
                quoted.Append("\\n");
                break;
            case '\t':
                quoted.Append("\\t");
                break;
            case '"' or '\\':
                quoted.Append('\\').Append((char)rune.Value);
                break;
            case < 0x20 or 0x7F:
                quoted.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
                break;
            default:
                // Invisible characters, and those that would reorder the line that they stand in.
                if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                    quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
                else
                    quoted.Append(rune);
                break;
        }
    }

    // Everything else is quoted, so that a reader need not know what a lone ; or a leading # means.
    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or '=' or ',' or '+' or '@' or '%' or '$';
}
