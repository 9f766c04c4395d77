using System.Globalization;

namespace Podspawn.Oci.Text;

/// <summary>Sizes in bytes as docker and podspawn write them: <c>1048576</c>, <c>512m</c>, <c>1.5g</c>, <c>2GiB</c>.</summary>
public static class ByteSize
{
    /// <summary>The usual value of <c>k</c>.</summary>
    public const int BinaryUnit = 1024;

    /// <summary>The value of <c>k</c> for what docker and podman count in decimal units.</summary>
    public const int DecimalUnit = 1000;

    /// <summary>
    /// Parses a size: a decimal number, then nothing, <c>b</c>, or one of <c>k m g t p</c> with <c>b</c> or <c>ib</c> or nothing after it, in any
    /// case. Units are powers of 1024; a fraction of a byte is cut off.
    /// </summary>
    /// <returns>False for anything else: a negative size, one that does not fit into 64 bits, or one above zero that is less than a byte.</returns>
    /// <param name="text">The text.</param>
    /// <param name="bytes">The size.</param>
    /// <param name="unit">What <c>k</c> stands for: 1024, or 1000 where docker and podman count so (the sizes of logs).</param>
    public static bool TryParse(ReadOnlySpan<char> text, out long bytes, int unit = BinaryUnit)
    {
        bytes = 0;
        text = text.Trim();
        int end = NumberLength(text);
        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (end == 0 || !decimal.TryParse(text[..end], style, CultureInfo.InvariantCulture, out decimal number))
            return false;

        ReadOnlySpan<char> suffix = text[end..];
        if (suffix.Length > 1 && suffix[0] == ' ')
            suffix = suffix[1..];
        if (!TryGetMultiplier(suffix, unit, out long multiplier) || number > (decimal)long.MaxValue / multiplier)
            return false;

        bytes = (long)(number * multiplier);
        // To callers, 0 means unlimited: a size that was cut off to 0 must not become that.
        return bytes != 0 || IsZero(text[..end]);
    }

    /// <summary>A size as docker shows it: three digits and a decimal unit (<c>4.86MB</c>).</summary>
    public static string Format(long bytes) => Format(bytes, 3);

    /// <summary>The same with up to four digits, as docker and podman show sizes that were set (<c>1.033MB</c>).</summary>
    public static string FormatSet(long bytes) => Format(bytes, 4);

    private static string Format(long bytes, int digits)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }
        int whole = value >= 99.95 ? 3 : value >= 9.995 ? 2 : 1;
        string format = unit == 0 || whole >= digits ? "0" : $"0.{new string('#', digits - whole)}";
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

    private static bool TryGetMultiplier(ReadOnlySpan<char> suffix, int unit, out long multiplier)
    {
        multiplier = 1;
        if (suffix.IsEmpty || suffix.Equals("b", StringComparison.OrdinalIgnoreCase))
            return true;
        int power = "kmgtp".IndexOf(char.ToLowerInvariant(suffix[0]), StringComparison.Ordinal);
        if (power < 0)
            return false;
        for (int i = 0; i <= power; i++)
            multiplier *= unit;
        ReadOnlySpan<char> rest = suffix[1..];
        return rest.IsEmpty
            || rest.Equals("b", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("ib", StringComparison.OrdinalIgnoreCase);
    }
}
