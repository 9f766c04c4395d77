using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Spec;

/// <summary>Reads and writes config.json, without reflection.</summary>
public static class SpecJson
{
    // Created only for indented output: the options for runtimes are the context's own, which the generated code writes without look-ups.
    private static SpecJsonContext Readable => new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = VisibleJson.Encoder,
        WriteIndented = true,
    });

    /// <summary>Serializes to UTF-8 JSON for a runtime.</summary>
    public static ReadOnlyMemory<byte> Serialize(RuntimeSpec spec)
    {
        // The generated writer is called directly: JsonSerializer would first build its tables, which takes longer than the writing.
        var bytes = new ArrayBufferWriter<byte>(32 * 1024);
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { SkipValidation = true }))
            SpecWriterContext.Default.RuntimeSpec.SerializeHandler!(writer, spec);
        return bytes.WrittenMemory;
    }

    /// <summary>Serializes limits for a runtime's <c>update</c>.</summary>
    public static ReadOnlyMemory<byte> Serialize(LinuxResources resources) => JsonSerializer.SerializeToUtf8Bytes(resources, SpecJsonContext.Default.LinuxResources);

    /// <summary>Serializes to indented JSON for people.</summary>
    public static string SerializeIndented(RuntimeSpec spec) => JsonSerializer.Serialize(spec, Readable.RuntimeSpec);

    /// <summary>Parses a config.json; unknown members are ignored.</summary>
    /// <exception cref="JsonException">The text is not a config.json.</exception>
    public static RuntimeSpec Deserialize(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, SpecJsonContext.Default.RuntimeSpec) ?? throw new JsonException("config.json is null");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RuntimeSpec))]
internal sealed partial class SpecJsonContext : JsonSerializerContext;

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RuntimeSpec))]
internal sealed partial class SpecWriterContext : JsonSerializerContext;
