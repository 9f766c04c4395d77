using System.Text;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Podspawn.Oci.Configuration.Yaml;

/// <summary>Errors about a text that is not YAML, or not YAML that podspawn would read.</summary>
internal static class YamlText
{
    public const string TabIndent = "the line is indented with a tab";
    public const string TabMend = "indent with spaces";

    /// <summary>Refuses a text that is too large, or that contains deceptive characters or characters outside of YAML (YAML 1.1, section 4.1.1).</summary>
    /// <remarks>YamlDotNet would take a NUL for the end of the text, and silently ignore what follows.</remarks>
    public static void Check(string text, ConfigDiagnostics diagnostics)
    {
        if (text.Length > ConfigFile.MaxBytes || Encoding.UTF8.GetByteCount(text) > ConfigFile.MaxBytes)
            throw diagnostics.Fail("", "is larger than 1 MiB", "a config is a few lines; name the right file", Mark.Empty);

        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is >= ' ' and <= '~' or '\n' or '\t')
                continue;
            if (DeceptiveText.At(text, i) is var (what, hint))
                throw diagnostics.Fail("", what, hint, MarkOf(text, i));
            bool printable = c is '\r' or (>= '\u00a0' and <= '\ud7ff') or (>= '\ue000' and <= '\ufffd');
            if (printable)
                continue;
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
                continue;
            }

            throw diagnostics.Fail("", $"the control character {InvisibleText.NameOf(c)} may not stand in YAML", "remove it", MarkOf(text, i));
        }
    }

    private static Mark MarkOf(string text, int index)
    {
        int lineStart = text.LastIndexOf('\n', index) + 1;
        return new Mark(index, 1 + text.AsSpan(0, lineStart).Count('\n'), index - lineStart + 1);
    }

    /// <summary>Whether only blanks, at least one of them a tab, precede the index on its line.</summary>
    public static bool IsIndentedWithTab(string text, long index)
    {
        bool tab = false;
        for (int i = (int)Math.Min(index, text.Length) - 1; i >= 0 && text[i] is not ('\n' or '\r'); i--)
        {
            if (text[i] is not (' ' or '\t'))
                return false;
            tab |= text[i] == '\t';
        }

        return tab;
    }

    /// <summary>What is wrong with an unquoted text inside brackets; null where podspawn's YAML library and ours read it alike.</summary>
    /// <remarks>One of them reads <c>{key:,}</c> as the key <c>key:</c>, the other as <c>key</c>; and <c>[?x]</c> as a map, or as a text.</remarks>
    public static (string What, string Hint)? ComplaintInBrackets(string text, Scalar scalar)
    {
        if (scalar.Value is ['?' or ':', ..])
            return ($"a text in brackets begins with '{scalar.Value[0]}', which not every YAML reader takes for a part of it", "put it in quotes");
        int end = (int)scalar.End.Index;
        return end + 1 < text.Length && text[end] == ':' && text[end + 1] is ',' or '[' or ']' or '{' or '}'
            ? ($"the colon stands right before '{text[end + 1]}', where not every YAML reader takes it for the end of the key", "write a space after the colon")
            : null;
    }

    /// <summary>Turns the parser's exception into our own message.</summary>
    public static ConfigException Explain(Exception exception, ParsingEvent? last, string text, ConfigDiagnostics diagnostics)
    {
        Mark mark = exception is YamlException yaml ? yaml.Start : last?.End ?? Mark.Empty;
        if (exception is not YamlException)
            return diagnostics.Fail("", "is not valid YAML after this place", "check the quotes and escapes", mark);

        if (exception.Message.Contains("tab", StringComparison.OrdinalIgnoreCase) && TabbedLine(text, mark) is { } tabbed)
            return diagnostics.Fail("", TabIndent, TabMend, tabbed);

        string message = exception.Message.TrimEnd('.');
        string what = message.Length == 0 ? "" : $": {char.ToLowerInvariant(message[0])}{message[1..]}";
        return diagnostics.Fail("", $"is not valid YAML{Printable.Clean(what, 200)}", "check the indentation, colons and quotes here", mark);
    }

    // The parser's mark covers the construct around the tab, sometimes the whole file.
    private static Mark? TabbedLine(string text, Mark from)
    {
        int line = 1;
        int start = 0;
        while (true)
        {
            int end = start;
            while (end < text.Length && text[end] is ' ' or '\t')
                end++;
            if (line >= from.Line && IsIndentedWithTab(text, end))
                return new Mark(end, line, end - start + 1);
            int next = text.IndexOf('\n', end);
            if (next < 0)
                return null;
            start = next + 1;
            line++;
        }
    }
}
