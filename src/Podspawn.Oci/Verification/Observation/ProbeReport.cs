using System.Globalization;
using System.Text;

namespace Podspawn.Oci.Verification.Observation;

/// <summary>The probe's report: lines of tab-separated fields, the first of which is the topic.</summary>
internal sealed class ProbeReport
{
    private readonly List<string[]> lines = [];

    /// <summary>Whether the probe ran to its end.</summary>
    public bool Complete => First("end") is not null;

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        string[] fields = line.Split('\t');
        for (int i = 0; i < fields.Length; i++)
            fields[i] = Unescape(fields[i]);
        lock (lines)
            lines.Add(fields);
    }

    /// <summary>The remaining fields of every line that begins with these fields.</summary>
    public IReadOnlyList<string[]> All(params ReadOnlySpan<string> start)
    {
        var found = new List<string[]>();
        lock (lines)
        {
            foreach (string[] fields in lines)
            {
                if (fields.Length >= start.Length && fields.AsSpan(0, start.Length).SequenceEqual(start))
                    found.Add(fields[start.Length..]);
            }
        }
        return found;
    }

    /// <summary>The remaining fields of the first such line; null where there is none.</summary>
    public string[]? First(params ReadOnlySpan<string> start) => All(start) is [var first, ..] ? first : null;

    /// <summary>The fields of the first line with this topic after a line that begins with these fields; null where there is none.</summary>
    public string[]? FirstAfter(ReadOnlySpan<string> start, string topic)
    {
        bool passed = false;
        lock (lines)
        {
            foreach (string[] fields in lines)
            {
                if (passed && fields[0] == topic)
                    return fields[1..];
                passed |= fields.Length >= start.Length && fields.AsSpan(0, start.Length).SequenceEqual(start);
            }
        }
        return null;
    }

    /// <summary>The first remaining field of the first such line; null where there is none.</summary>
    public string? Word(params ReadOnlySpan<string> start) => First(start) is [var word, ..] ? word : null;

    // The probe writes control characters and backslashes as \ooo.
    private static string Unescape(string field)
    {
        if (!field.Contains('\\'))
            return field;
        var text = new StringBuilder(field.Length);
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length && IsOctal(field.AsSpan(i + 1, 3)))
            {
                text.Append((char)Convert.ToInt32(field.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                text.Append(field[i]);
            }
        }
        return text.ToString();
    }

    private static bool IsOctal(ReadOnlySpan<char> digits) => !digits.ContainsAnyExceptInRange('0', '7');

    /// <summary>Parses a decimal number of the probe; null where the text is not one.</summary>
    public static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;
}
