using System.Globalization;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Configuration.Yaml;

/// <summary>The kind of number that a plain scalar is.</summary>
internal enum NumberKind
{
    NotANumber,
    Number,

    /// <summary>A number that our arithmetic cannot represent: enormous, or tiny and above zero.</summary>
    OutOfRange,
}

/// <summary>
/// Parses numbers as podspawn's YAML library does: the integers of YAML 1.1 (https://yaml.org/type/int.html, without base 60), the octals of YAML
/// 1.2, and decimal fractions.
/// </summary>
internal static class YamlNumber
{
    /// <summary>Whether the text has the form of an integer, however large.</summary>
    public static bool IsInteger(string text) =>
        Digits(text, out _) is { IsEmpty: false } digits && ParseInteger(digits, out _) != NumberKind.NotANumber;

    public static NumberKind Parse(string text, out decimal value)
    {
        value = 0;
        ReadOnlySpan<char> rest = Digits(text, out bool negative);
        if (rest.IsEmpty)
            return NumberKind.NotANumber;

        NumberKind kind = ParseInteger(rest, out value);
        // A decimal integer past 64 bits is a fraction to podspawn's library too.
        if (kind == NumberKind.NotANumber || (kind == NumberKind.OutOfRange && rest[0] != '0'))
            kind = ParseFraction(rest, out value);
        if (negative)
            value = -value;
        return kind;
    }

    private static ReadOnlySpan<char> Digits(string text, out bool negative)
    {
        negative = false;
        if (text.Length == 0 || !(char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.'))
            return default;
        ReadOnlySpan<char> rest = text[0] == '.' ? text : text.Replace("_", "", StringComparison.Ordinal);
        negative = rest[0] == '-';
        return rest[0] is '+' or '-' ? rest[1..] : rest;
    }

    private static NumberKind ParseInteger(ReadOnlySpan<char> text, out decimal value)
    {
        value = 0;
        (int radix, int prefix) = text switch
        {
            ['0', 'x' or 'X', ..] => (16, 2),
            ['0', 'o' or 'O', ..] => (8, 2),
            ['0', 'b' or 'B', ..] => (2, 2),
            ['0', _, ..] => (8, 1),
            _ => (10, 0),
        };
        text = text[prefix..];
        if (text.IsEmpty)
            return NumberKind.NotANumber;

        foreach (char c in text)
        {
            int digit = char.IsAsciiHexDigit(c) ? (char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10) : int.MaxValue;
            if (digit >= radix)
                return NumberKind.NotANumber;
            // Past 64 bits the value is too large for every caller; the loop continues only to check that it is a number at all.
            if (value <= ulong.MaxValue)
                value = (value * radix) + digit;
        }

        return value <= ulong.MaxValue ? NumberKind.Number : NumberKind.OutOfRange;
    }

    private static NumberKind ParseFraction(ReadOnlySpan<char> text, out decimal value)
    {
        value = 0;
        if (!IsFraction(text))
            return NumberKind.NotANumber;
        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(text, style, CultureInfo.InvariantCulture, out value))
            return NumberKind.OutOfRange;
        return value == 0 && !ByteSize.IsZero(text) ? NumberKind.OutOfRange : NumberKind.Number;
    }

    /// <summary>Digits with at most one point among them, then an optional exponent.</summary>
    private static bool IsFraction(ReadOnlySpan<char> text)
    {
        int exponent = text.IndexOfAny('e', 'E');
        if (exponent >= 0)
        {
            ReadOnlySpan<char> digits = text[(exponent + 1)..];
            if (digits is ['+' or '-', ..])
                digits = digits[1..];
            if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
                return false;
            text = text[..exponent];
        }

        int point = text.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? text : text[..point];
        ReadOnlySpan<char> part = point < 0 ? default : text[(point + 1)..];
        return !whole.ContainsAnyExceptInRange('0', '9') && !part.ContainsAnyExceptInRange('0', '9')
            && whole.Length + part.Length > 0;
    }
}
