using System.Globalization;
using Podspawn.Oci.Configuration.Yaml;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Matrix.Files;

/// <summary>Reads times such as <c>500ms</c>, <c>90s</c>, <c>2m</c>, <c>1h</c>.</summary>
internal static class TimeLimits
{
    private const string Hint = "write a whole number with ms, s, m or h, such as 90s";

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>A time limit; null for a null, and where a problem was recorded.</summary>
    public static TimeSpan? Read(YamlNode node, string key, FileReading file)
    {
        if (file.Values.Text(node, key, "time_limit: 90s") is not { } text)
            return null;
        if (!TryParse(text, out TimeSpan limit))
            file.Diagnostics.Error(key, $"{Printable.Quote(text)} is not a time", Hint, node);
        else if (limit <= TimeSpan.Zero || limit > Longest)
            file.Diagnostics.Error(key, $"{text} is out of range", "write more than 0 and at most 1h", node);
        return limit;
    }

    private static bool TryParse(string text, out TimeSpan limit)
    {
        limit = default;
        int end = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        // Nine digits: more than any limit, and no overflow.
        if (end is < 1 or > 9 || (text[0] == '0' && end > 1))
            return false;
        int number = int.Parse(text.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture);
        TimeSpan? parsed = text[end..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => null,
        };
        limit = parsed ?? default;
        return parsed is not null;
    }
}
