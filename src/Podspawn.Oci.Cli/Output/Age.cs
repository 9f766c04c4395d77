using System.Globalization;

namespace Podspawn.Oci.Cli.Output;

/// <summary>Formats times as docker does: how long ago.</summary>
internal static class Age
{
    /// <summary>The time that has passed, with "ago".</summary>
    internal static string Since(DateTimeOffset time) => $"{Span(time)} ago";

    /// <summary>The time that has passed.</summary>
    internal static string Span(DateTimeOffset time)
    {
        TimeSpan age = DateTimeOffset.UtcNow - time;
        (double number, string unit) = age switch
        {
            { TotalMinutes: < 1 } => (age.TotalSeconds, "second"),
            { TotalHours: < 1 } => (age.TotalMinutes, "minute"),
            { TotalDays: < 2 } => (age.TotalHours, "hour"),
            { TotalDays: < 60 } => (age.TotalDays, "day"),
            { TotalDays: < 730 } => (age.TotalDays / 30, "month"),
            _ => (age.TotalDays / 365, "year"),
        };
        long whole = Math.Max(0, (long)number);
        return string.Create(CultureInfo.InvariantCulture, $"{whole} {unit}{(whole == 1 ? "" : "s")}");
    }
}
