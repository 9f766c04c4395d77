using System.Globalization;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Configuration;

/// <summary>Parses the texts of <c>cpus</c> and <c>memory</c>; the translator judges the numbers.</summary>
internal static class QuantityText
{
    /// <summary>The hint on how to write a number of cores.</summary>
    public const string CpusHint = "write a number such as 1.5, or 0 for unlimited";

    /// <summary>The hint on how to write a size.</summary>
    public const string MemoryHint = "write bytes, or a number with k, m or g, such as 512m or 1.5g; 0 for unlimited";

    /// <summary>Parses a number of cores from a flag: digits, with or without a point among them; null, with what is wrong, for anything else.</summary>
    public static decimal? Cpus(string text, out string what)
    {
        what = $"{Printable.Quote(text)} is not a number of cores";
        // A size that was cut off to 0 must not become unlimited.
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal cpus) && (cpus != 0 || ByteSize.IsZero(text))
            ? cpus
            : null;
    }

    /// <summary>Parses a size in bytes; null, with what is wrong, for a text that is not one.</summary>
    public static long? Memory(string text, out string what)
    {
        what = $"{Printable.Quote(text)} is not a size";
        return ByteSize.TryParse(text, out long bytes) ? bytes : null;
    }
}
