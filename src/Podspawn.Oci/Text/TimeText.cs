using System.Globalization;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Text;

/// <summary>Parses times as docker's flags accept them.</summary>
public static class TimeText
{
    /// <summary>Parses a point in time: RFC 3339, a date, seconds since 1970 with or without a fraction, or a span before now (<c>1h30m</c>).</summary>
    /// <param name="text">The text.</param>
    /// <param name="flag">The flag that it was given for.</param>
    /// <exception cref="ContainerException">The text is none of these.</exception>
    public static DateTimeOffset Parse(string text, string flag)
    {
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) && seconds < 253_402_300_800)
            return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        if (GoDuration.TryParse(text) is { } ago)
            return DateTimeOffset.UtcNow - ago;
        if (text.Length >= 10 && char.IsAsciiDigit(text[0])
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time))
        {
            return time;
        }
        throw new ContainerException($"{flag}: '{text}' is no time; write a date and time (2026-01-31T08:00:00Z), seconds since 1970, or how long ago (10m, 1h30m)");
    }
}
