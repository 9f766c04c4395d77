using System.Text.RegularExpressions;

namespace Podspawn.Oci.DocumentTests;

/// <summary>Plain text as Markdown, and Markdown's links and headings.</summary>
internal static partial class Markdown
{
    /// <summary>Prose with its flags as code, in which Markdown finds no other markup.</summary>
    internal static string Prose(string text)
    {
        string escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);
        return LongFlag().Replace(escaped, "`$0`");
    }

    internal static string Code(string text) => $"`{text.Replace("|", "\\|", StringComparison.Ordinal)}`";

    internal static string Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows) =>
        $"{Row(headings)}{Row([.. headings.Select(_ => "---")])}{string.Concat(rows.Select(Row))}";

    /// <summary>The targets of the text's links, code left out.</summary>
    internal static IEnumerable<string> Links(string text) => Link().Matches(CodeSpan().Replace(WithoutFences(text), "")).Select(match => match.Groups[1].Value);

    /// <summary>The source files that the text names as code.</summary>
    internal static IEnumerable<string> Files(string text) => SourceFile().Matches(WithoutFences(text)).Select(match => match.Groups[1].Value);

    /// <summary>The blocks of code.</summary>
    internal static IEnumerable<string> Fences(string text) => Fence().Matches(text).Select(match => match.Value);

    /// <summary>The anchors that GitHub gives the headings of a text.</summary>
    internal static IReadOnlySet<string> Anchors(string text)
    {
        var anchors = new HashSet<string>();
        foreach (Match heading in Heading().Matches(WithoutFences(text)))
        {
            string anchor = NotInAnchors().Replace(heading.Groups[1].Value.Trim().ToUpperInvariant(), "").Replace(' ', '-');
            string unique = anchor;
            for (int again = 1; !anchors.Add(unique); again++)
                unique = $"{anchor}-{again}";
        }
        return anchors;
    }

    /// <summary>Whether a text has a heading with that anchor.</summary>
    internal static bool HasAnchor(string text, string anchor) => Anchors(text).Contains(anchor.ToUpperInvariant());

    private static string Row(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells)} |\n";

    private static string WithoutFences(string text) => Fence().Replace(text, "");

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z0-9-]*(=[A-Za-z0-9]+)?")]
    private static partial Regex LongFlag();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"`[^`\n]+`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"`([A-Za-z0-9_./-]+\.(?:cs|c|h|schema\.json))`")]
    private static partial Regex SourceFile();

    [GeneratedRegex(@"\]\(([^()\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} +(.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}_ -]")]
    private static partial Regex NotInAnchors();
}
