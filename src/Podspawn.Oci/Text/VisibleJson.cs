using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Podspawn.Oci.Text;

/// <summary>
/// Writes JSON that may be shown to a person: readable letters as they are, and what is not seen (marks that turn the direction of a text, characters
/// without a width) as <c>\u202e</c>, which means the same to every reader of JSON.
/// </summary>
internal sealed unsafe class VisibleJson : JavaScriptEncoder
{
    private const int LengthOfEscape = 6; // \u202e

    private static readonly JavaScriptEncoder Relaxed = UnsafeRelaxedJsonEscaping;

    private VisibleJson()
    {
    }

    /// <summary>The encoder.</summary>
    public static JavaScriptEncoder Encoder { get; } = new VisibleJson();

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => Math.Max(Relaxed.MaxOutputCharactersPerInputCharacter, LengthOfEscape);

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) => Relaxed.WillEncode(unicodeScalar) || IsInvisible(unicodeScalar);

    /// <inheritdoc/>
    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        int first = Relaxed.FindFirstCharacterToEncode(text, textLength);
        var before = new ReadOnlySpan<char>(text, first < 0 ? textLength : first);
        if (Ascii.IsValid(before))
            return first;
        for (int at = 0; at < before.Length;)
        {
            // A half of a pair is left to the other encoder, which has found it.
            if (Rune.DecodeFromUtf16(before[at..], out Rune character, out int length) != OperationStatus.Done)
                break;
            if (InvisibleText.Is(character))
                return at;
            at += length;
        }
        return first;
    }

    /// <inheritdoc/>
    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        if (!IsInvisible(unicodeScalar))
            return Relaxed.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
        Span<char> units = stackalloc char[2];
        int count = new Rune(unicodeScalar).EncodeToUtf16(units);
        var target = new Span<char>(buffer, bufferLength);
        numberOfCharactersWritten = 0;
        if (bufferLength < count * LengthOfEscape)
            return false;
        foreach (char unit in units[..count])
        {
            "\\u".CopyTo(target);
            ((int)unit).TryFormat(target[2..], out _, "x4", System.Globalization.CultureInfo.InvariantCulture);
            target = target[LengthOfEscape..];
        }
        numberOfCharactersWritten = count * LengthOfEscape;
        return true;
    }

    private static bool IsInvisible(int unicodeScalar) => Rune.IsValid(unicodeScalar) && InvisibleText.Is(new Rune(unicodeScalar));
}
