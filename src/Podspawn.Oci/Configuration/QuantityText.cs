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

    /// <summary>The number of processors that a quota of microseconds in each period stands for; 0, unlimited, for a quota of 0 or -1.</summary>
    public static decimal Processors(long quota, long? period)
    {
        const long Unlimited = -1, UsualPeriod = 100_000;
        return quota == Unlimited ? 0 : (decimal)quota / (period is > 0 and var given ? given : UsualPeriod);
    }

    /// <summary>Parses a size in bytes; null, with what is wrong, for a text that is not one.</summary>
    public static long? Memory(string text, out string what)
    {
        what = $"{Printable.Quote(text)} is not a size";
        return ByteSize.TryParse(text, out long bytes) ? bytes : null;
    }
}
