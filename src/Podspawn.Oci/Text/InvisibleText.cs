using System.Globalization;
using System.Text;

namespace Podspawn.Oci.Text;

/// <summary>Recognizes characters that a reader of a text does not see.</summary>
internal static class InvisibleText
{
    /// <summary>Whether a character is drawn as nothing, or as a gap that is not the keyboard's space. Control characters are left to the callers: a new line is one.</summary>
    public static bool Is(Rune character) => character.Value > '~' && (Rune.GetUnicodeCategory(character) is
        UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
        || IsBlankLetter(character.Value));

    /// <summary>The first such character of a text, as <c>U+200B</c>; null where all are visible.</summary>
    public static string? FirstIn(string text)
    {
        if (System.Text.Ascii.IsValid(text))
            return null;
        foreach (Rune character in text.EnumerateRunes())
        {
            if (Is(character))
                return NameOf(character.Value);
        }

        return null;
    }

    /// <summary>The name of a character: <c>U+200B</c>.</summary>
    public static string NameOf(int character) => string.Create(CultureInfo.InvariantCulture, $"U+{character:X4}");

    // Letters, marks and symbols by category that fonts draw as nothing (Unicode's Default_Ignorable_Code_Point, and the empty braille cell).
    private static bool IsBlankLetter(int c) => c is 0x034f or 0x115f or 0x1160 or 0x17b4 or 0x17b5 or 0x2800 or 0x3164 or 0xffa0
        or (>= 0x180b and <= 0x180f) or (>= 0xfe00 and <= 0xfe0f) or (>= 0xe0100 and <= 0xe01ef);
}
