using System.Text.Json;
using System.Text.Unicode;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Matrix.Reports;

/// <summary>Reads a report that <c>matrix --json</c> wrote. The file is not trusted.</summary>
public static class MatrixReportFile
{
    /// <summary>The size limit of a report, in bytes.</summary>
    public const int MaxBytes = 256 << 20;

    private static string Hint => $"give a file that matrix {Setting.Json} wrote";

    /// <summary>Reads a report.</summary>
    /// <exception cref="MatrixException">The file cannot be read, or is not a report of the version that we know.</exception>
    public static MatrixReport Read(string path)
    {
        ReadOnlySpan<byte> json = Bytes(path);
        if (json is [0xef, 0xbb, 0xbf, ..])
            json = json[3..];
        // Checked as a whole: the reader checks a spec's strings only when they are accessed.
        if (!Utf8.IsValid(json))
            throw Refuse(path, "is not valid UTF-8", Hint);
        try
        {
            // Checked first: another version may well look different.
            if (VersionOf(json) is not { } version)
                throw Refuse(path, "has no version", Hint);
            if (version != MatrixReport.CurrentVersion)
                throw Refuse(path, $"has version {version}, and only version {MatrixReport.CurrentVersion} is known", "run that matrix again");
            MatrixReport report = MatrixJson.Deserialize(json);
            return ReportGaps.First(report) is { } gap ? throw Refuse(path, $"has {gap}", Hint) : report;
        }
        catch (JsonException e)
        {
            string place = e.LineNumber is { } line ? $":{line + 1}:{(e.BytePositionInLine ?? 0) + 1}" : "";
            string key = e.Path is null or "$" ? "" : $": {Printable.Clean(e.Path.Replace("$.", "", StringComparison.Ordinal))}";
            throw new MatrixException($"{Printable.Clean(path, 4096)}{place}{key}: is not a matrix report; {Hint}", e);
        }
    }

    private static int? VersionOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool found = reader.ValueTextEquals("version"u8);
            reader.Read();
            if (found)
                return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int version) ? version : null;
            reader.Skip();
        }

        return null;
    }

    private static ReadOnlySpan<byte> Bytes(string path)
    {
        try
        {
            return RegularFile.Read(path, MaxBytes).Span;
        }
        catch (UnfitFileException e)
        {
            throw Refuse(path, e.Message, Hint);
        }
    }

    private static MatrixException Refuse(string path, string what, string hint) =>
        new($"{(path.Length == 0 ? "\"\"" : Printable.Clean(path, 4096))}: {what}; {hint}");
}
