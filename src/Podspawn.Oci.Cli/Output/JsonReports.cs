using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Podspawn.Oci.Diagnosis;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Native;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Output;

/// <summary>What <c>doctor --format json</c> prints.</summary>
internal sealed record DoctorReport(bool CanLaunch, IReadOnlyList<Examination> Examinations);

/// <summary>What <c>explain --format json</c> prints.</summary>
internal sealed record ExplainReport(string Runtime, string RuntimeVersion, IReadOnlyList<ExplainedField> Fields, IReadOnlyList<ExplainedNote> Notes);

/// <summary>What <c>prune --format json</c> prints.</summary>
internal sealed record PruneReport(
    IReadOnlyList<Podspawn.Oci.Lifecycle.PrunedContainer> Containers, IReadOnlyList<PrunedImage> Images, IReadOnlyList<StoredBlob> Blobs, long Reclaimed, bool DryRun);

/// <summary>One field of the config.</summary>
internal sealed record ExplainedField(
    string Key, string Value, string Origin, IReadOnlyList<string> SpecPaths, string Enforcement, string EnforcedBy);

/// <summary>One note.</summary>
internal sealed record ExplainedNote(string Key, string Severity, string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(ExplainReport))]
[JsonSerializable(typeof(DiffReport))]
[JsonSerializable(typeof(IReadOnlyList<MountReport>))]
[JsonSerializable(typeof(PruneReport))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<Podspawn.Oci.Lifecycle.Orphan>))]
internal sealed partial class JsonReports : JsonSerializerContext;

/// <summary>JSON on stdout.</summary>
internal static class Json
{
    internal static void Write<T>(T value, JsonTypeInfo<T> type) => Write(value, type, indented: true);

    /// <summary>Writes a value on one line, for a reader that reads many of them line by line.</summary>
    internal static void WriteLine<T>(T value, JsonTypeInfo<T> type) => Write(value, type, indented: false);

    /// <summary>A value on one line, with a line end.</summary>
    internal static byte[] Line<T>(T value, JsonTypeInfo<T> type)
    {
        using var output = new MemoryStream();
        Write(output, value, type, indented: false);
        return output.ToArray();
    }

    private static void Write<T>(T value, JsonTypeInfo<T> type, bool indented)
    {
        using var output = new DescriptorStream(1);
        Write(output, value, type, indented);
    }

    private static void Write<T>(Stream output, T value, JsonTypeInfo<T> type, bool indented)
    {
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = indented, Encoder = VisibleJson.Encoder });
        JsonSerializer.Serialize(writer, value, type);
        writer.Flush();
        output.WriteByte((byte)'\n');
    }
}
