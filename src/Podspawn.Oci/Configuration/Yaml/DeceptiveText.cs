using Podspawn.Oci.Text;

namespace Podspawn.Oci.Configuration.Yaml;

/// <summary>
/// Characters that make a text read differently to a parser than to a person: they end a line where an editor shows no end, so that a comment
/// continues as keys, or reverse the order in which a line is displayed (CVE-2021-42574).
/// </summary>
/// <remarks>
/// podspawn's YAML library ends a line at each of U+000D, U+0085, U+2028 and U+2029, as YAML 1.1 (section 4.1.4) says; YAML 1.2 (section 5.4) and
/// most editors end one at U+000A and U+000D only. No config needs these characters, so no reader has to know which rule holds.
/// </remarks>
internal static class DeceptiveText
{
    /// <summary>What is wrong with the character at the index, in comments and quotes too, and a hint to fix it; null for any other.</summary>
    public static (string What, string Hint)? At(string text, int index)
    {
        char c = text[index];
        string? what = c switch
        {
            '\r' when index + 1 == text.Length || text[index + 1] != '\n' => "a carriage return (U+000D) without a line feed ends a line here",
            '\u0085' => "the control character U+0085 ends a line here",
            '\u2028' or '\u2029' => $"the separator {InvisibleText.NameOf(c)} ends a line here",
            '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') =>
                $"the invisible character {InvisibleText.NameOf(c)} changes the order in which this line is shown",
            '\ufeff' => "a byte order mark (U+FEFF) stands inside the text",
            _ => null,
        };
        if (what is null)
            return null;
        return c switch
        {
            '\r' => ($"{what}, which editors do not always show", "end the line with a line feed"),
            <= '\u0085' or '\u2028' or '\u2029' => ($"{what}, which editors do not show", "remove it, or begin a new line if that is meant"),
            _ => (what, "remove it"),
        };
    }
}
