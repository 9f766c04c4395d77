using System.Text;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Text;

/// <summary>A point in time with nanoseconds, as in logs.</summary>
/// <param name="Nanoseconds">Nanoseconds since 1970-01-01 UTC.</param>
public readonly record struct Instant(long Nanoseconds) : IComparable<Instant>
{
    private const long NanosecondsInTick = 100;
    private const long NanosecondsInMillisecond = 1_000_000;
    private const long NanosecondsInSecond = 1_000_000_000;
    private const int LongestWait = 60_000;
    private const int FractionDigits = 9;
    private const int MinutesInHour = 60;

    /// <summary>The current time.</summary>
    public static Instant Now => Of(DateTimeOffset.UtcNow);

    /// <summary>How long to wait for a point in time in one call of poll(2): milliseconds, at most a minute; -1 for no such point.</summary>
    internal static int Wait(Instant? until) =>
        until is { } end ? (int)Math.Clamp(((end.Nanoseconds - Now.Nanoseconds) / NanosecondsInMillisecond) + 1, 0, LongestWait) : -1;

    /// <summary>Converts a time.</summary>
    public static Instant Of(DateTimeOffset time) => new((time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * NanosecondsInTick);

    /// <summary>Parses a flag's value as <see cref="TimeText.Parse"/> does, but with nanoseconds where it is a log's own time.</summary>
    /// <param name="text">The value.</param>
    /// <param name="flag">The flag.</param>
    /// <param name="ahead">Whether a span of time is added to the current time; else it is subtracted.</param>
    /// <exception cref="ContainerException">The text is not a time.</exception>
    public static Instant Parse(string text, string flag, bool ahead = false)
    {
        if (TryReadRfc3339(Encoding.UTF8.GetBytes(text), out Instant exact))
            return exact;
        return ahead && GoDuration.TryParse(text) is { } span ? Of(DateTimeOffset.UtcNow + span) : Of(TimeText.Parse(text, flag));
    }

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Whether one is before the other.</summary>
    public static bool operator <(Instant left, Instant right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>Whether one is after the other.</summary>
    public static bool operator >(Instant left, Instant right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>Whether one is not after the other.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>Whether one is not before the other.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Nanoseconds >= right.Nanoseconds;

    /// <summary>Parses <c>2026-01-31T08:30:00.123456789+01:00</c>, as in logs: any number of digits in the fraction, <c>Z</c> or an offset.</summary>
    internal static bool TryReadRfc3339(ReadOnlySpan<byte> text, out Instant instant)
    {
        const int UpToSeconds = 19;
        instant = default;
        if (text.Length <= UpToSeconds || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':' || text[16] != ':')
            return false;
        int year = Number(text[..4]), month = Number(text[5..7]), day = Number(text[8..10]);
        int hour = Number(text[11..13]), minute = Number(text[14..16]), second = Number(text[17..19]);
        if (year is < 1700 or > 2200 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour is < 0 or > 23 || minute is < 0 or > 59
            || second is < 0 or > 60)
            return false;
        ReadOnlySpan<byte> rest = text[UpToSeconds..];
        long fraction = 0;
        if (rest[0] == '.')
        {
            int digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (digits <= 0)
                return false;
            fraction = Fraction(rest.Slice(1, digits));
            rest = rest[(1 + digits)..];
        }
        if (!TryOffset(rest, out int offset))
            return false;
        long ticks = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks;
        instant = new Instant((ticks * NanosecondsInTick) + ((second - ((long)offset * 60)) * NanosecondsInSecond) + fraction);
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text is [(byte)'Z'])
            return true;
        if (text is not [(byte)'+' or (byte)'-', _, _, (byte)':', _, _] || Number(text[1..3]) is not (>= 0 and var hour)
            || Number(text[4..6]) is not (>= 0 and < MinutesInHour and var minute))
            return false;
        minutes = ((hour * MinutesInHour) + minute) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static long Fraction(ReadOnlySpan<byte> digits)
    {
        long value = 0;
        for (int i = 0; i < FractionDigits; i++)
            value = (value * 10) + (i < digits.Length ? digits[i] - '0' : 0);
        return value;
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        int value = 0;
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return -1;
            value = (value * 10) + (digit - '0');
        }
        return value;
    }
}
