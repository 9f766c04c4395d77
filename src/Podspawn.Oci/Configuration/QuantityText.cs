using System.Globalization;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Configuration;

/// <summary>The texts of <c>cpus</c> and <c>memory</c> as numbers; whether the numbers will do is for the translator to say.</summary>
internal static class QuantityText
{
    /// <summary>What to write for a number of cores.</summary>
    public const string CpusHint = "write a number such as 1.5, or 0 for unlimited";

    /// <summary>What to write for a size.</summary>
    public const string MemoryHint = "write bytes, or a number with k, m or g, such as 512m or 1.5g; 0 for unlimited";

    /// <summary>A number of cores as a flag has it: digits, with a point among them or not; null, with what is wrong, for anything else.</summary>
    public static decimal? Cpus(string text, out string what)
    {
        what = $"{Printable.Quote(text)} is not a number of cores";
        // What is cut off to 0 must not become unlimited.
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal cpus) && (cpus != 0 || ByteSize.IsZero(text))
            ? cpus
            : null;
    }

    /// <summary>A size in bytes; null, with what is wrong, for a text that is none.</summary>
    public static long? Memory(string text, out string what)
    {
        what = $"{Printable.Quote(text)} is not a size";
        return ByteSize.TryParse(text, out long bytes) ? bytes : null;
    }
}
