using System.Globalization;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>Times as docker writes them.</summary>
internal static class GoTime
{
    /// <summary>As in JSON: RFC 3339 in UTC; Go's zero for a time that has not come.</summary>
    internal static string Json(DateTimeOffset? time) => (time ?? DateTimeOffset.MinValue).UtcDateTime.ToString(
        time is null ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>As in columns.</summary>
    internal static string Column(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss '+0000 UTC'", CultureInfo.InvariantCulture);
}
