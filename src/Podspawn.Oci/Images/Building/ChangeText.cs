using System.Text;
using System.Text.Json;

namespace Podspawn.Oci.Images.Building;

/// <summary>The words of Dockerfile instructions (https://docs.docker.com/reference/dockerfile/#format).</summary>
internal static class ChangeText
{
    private const char Escape = '\\';

    /// <summary>The instructions in a text: comments and empty lines are left out, a line that ends with a backslash continues on the next.</summary>
    internal static IEnumerable<string> Lines(string text)
    {
        var whole = new StringBuilder();
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            bool goesOn = line[^1] == Escape;
            whole.Append(goesOn ? line[..^1] : line);
            if (goesOn)
                continue;
            yield return whole.ToString();
            whole.Clear();
        }
        if (whole.ToString().Trim() is { Length: > 0 } last)
            yield return last;
    }

    /// <summary>The strings of a JSON list; null where the text is not a list, which makes it text for a shell.</summary>
    /// <exception cref="FormatException">The list contains something other than strings.</exception>
    internal static IReadOnlyList<string>? JsonList(string text)
    {
        if (!text.StartsWith('['))
            return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateArray().Select(word =>
                word.ValueKind == JsonValueKind.String ? word.GetString()! : throw new FormatException("a JSON list may hold strings only; put each word in double quotes"))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // "[ -f /x ] && y" is text for a shell.
            return null;
        }
    }

    /// <summary>Splits a text at blanks outside of quotes; quotes and backslashes stay in the words.</summary>
    internal static IReadOnlyList<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                Take();
                continue;
            }
            if (c == Escape && quote != '\'')
            {
                word.Append(c);
                if (++i < text.Length)
                    word.Append(text[i]);
                continue;
            }
            if (quote != '\0' && c == quote)
                quote = '\0';
            else if (quote == '\0' && c is '\'' or '"')
                quote = c;
            word.Append(c);
        }
        Take();
        return words;

        // A quoted word is never empty here: it still has its quotes.
        void Take()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
    }
}
