using System.Globalization;
using System.Text;

namespace Podspawn.Oci.Text;

/// <summary>Makes foreign text suitable for a message: a config must not be able to write escape sequences to a terminal.</summary>
internal static class Printable
{
    private const int Longest = 60;

    /// <summary>The text with invisible characters escaped, truncated where it is long.</summary>
    public static string Clean(string text, int longest = Longest)
    {
        bool clean = text.Length <= longest;
        for (int i = 0; clean && i < text.Length; i++)
            clean = IsVisible(text[i]);
        if (clean)
            return text;

        var builder = new StringBuilder();
        for (int i = 0; i < text.Length && i < longest; i++)
        {
            if (IsVisible(text[i]))
                builder.Append(text[i]);
            else
                builder.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
        }

        return text.Length > longest ? builder.Append("...").ToString() : builder.ToString();
    }

    /// <summary>The whole text with invisible characters escaped: one line, whatever the text contains.</summary>
    public static string Line(string text) => Clean(text, int.MaxValue);

    /// <summary>The text cleaned and in double quotes.</summary>
    public static string Quote(string text) => $"\"{Clean(text)}\"";

    private static bool IsVisible(char c) => c is >= ' ' and <= '~' || (c > '~' && char.GetUnicodeCategory(c) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned) && !InvisibleText.Is(new Rune(c)));
}
