using System.Buffers;
using System.Globalization;

namespace Podspawn.Oci.Text;

/// <summary>Time spans as Go writes them (time.ParseDuration).</summary>
public static class GoDuration
{
    // Go's units (time.ParseDuration), and days, which it lacks.
    private static readonly (string Unit, double Seconds)[] Units =
        [("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)];

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>Parses a span as Go writes it (<c>1h30m</c>, <c>500ms</c>), or with days (<c>2d</c>); null where it is not one.</summary>
    public static TimeSpan? TryParse(string text)
    {
        double total = 0;
        ReadOnlySpan<char> rest = text;
        if (text == "0")
            return TimeSpan.Zero;
        if (rest.IsEmpty)
            return null;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
                return null;
            rest = rest[digits..];
            int letters = rest.IndexOfAny(NumberCharacters);
            string unit = (letters < 0 ? rest : rest[..letters]).ToString();
            if (Units.FirstOrDefault(known => known.Unit == unit) is not { Seconds: > 0 } known)
                return null;
            total += number * known.Seconds;
            rest = letters < 0 ? [] : rest[letters..];
        }
        return total <= TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(total) : null;
    }
}
