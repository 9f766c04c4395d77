using System.Globalization;

namespace Podspawn.Oci.Text;

/// <summary>Sizes in bytes as docker and podspawn write them: <c>1048576</c>, <c>512m</c>, <c>1.5g</c>, <c>2GiB</c>.</summary>
public static class ByteSize
{
    /// <summary>
    /// Parses a size: a decimal number, then nothing, <c>b</c>, or one of <c>k m g t p</c> with <c>b</c> or <c>ib</c> or nothing after it, in any
    /// case. Units are powers of 1024; a fraction of a byte is cut off.
    /// </summary>
    /// <returns>False for anything else: a negative size, one that does not fit into 64 bits, or one above zero that is less than a byte.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        bytes = 0;
        text = text.Trim();
        int end = NumberLength(text);
        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (end == 0 || !decimal.TryParse(text[..end], style, CultureInfo.InvariantCulture, out decimal number))
            return false;

        ReadOnlySpan<char> unit = text[end..];
        if (unit.Length > 1 && unit[0] == ' ')
            unit = unit[1..];
        if (!TryGetMultiplier(unit, out long multiplier) || number > (decimal)long.MaxValue / multiplier)
            return false;

        bytes = (long)(number * multiplier);
        // To callers, 0 means unlimited: a size that was cut off to 0 must not become that.
        return bytes != 0 || IsZero(text[..end]);
    }

    /// <summary>A size as docker shows it: three digits and a decimal unit (<c>4.86MB</c>).</summary>
    public static string Format(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }
        string format = unit == 0 || value >= 99.95 ? "0" : value >= 9.995 ? "0.#" : "0.##";
        return value.ToString(format, CultureInfo.InvariantCulture) + units[unit];
    }

    /// <summary>Whether every digit before the exponent is 0.</summary>
    internal static bool IsZero(ReadOnlySpan<char> number)
    {
        int exponent = number.IndexOfAny('e', 'E');
        return (exponent < 0 ? number : number[..exponent]).IndexOfAnyInRange('1', '9') < 0;
    }

    private static int NumberLength(ReadOnlySpan<char> text)
    {
        int end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
            end++;
        if (end == 0 || end == text.Length || (text[end] | 0x20) != 'e')
            return end;

        int digits = end + 1;
        if (digits < text.Length && text[digits] is '+' or '-')
            digits++;
        int last = digits;
        while (last < text.Length && char.IsAsciiDigit(text[last]))
            last++;
        return last > digits ? last : end;
    }

    private static bool TryGetMultiplier(ReadOnlySpan<char> unit, out long multiplier)
    {
        multiplier = 1;
        if (unit.IsEmpty || unit.Equals("b", StringComparison.OrdinalIgnoreCase))
            return true;
        int power = "kmgtp".IndexOf(char.ToLowerInvariant(unit[0]), StringComparison.Ordinal);
        if (power < 0)
            return false;
        multiplier = 1L << (10 * (power + 1));
        ReadOnlySpan<char> rest = unit[1..];
        return rest.IsEmpty
            || rest.Equals("b", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("ib", StringComparison.OrdinalIgnoreCase);
    }
}
