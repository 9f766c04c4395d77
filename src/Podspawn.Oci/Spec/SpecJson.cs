using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Podspawn.Oci.Spec;

/// <summary>Reads and writes config.json, without reflection.</summary>
public static class SpecJson
{
    private static readonly SpecJsonContext Compact = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    private static readonly SpecJsonContext Indented = new(new JsonSerializerOptions(Compact.Options) { WriteIndented = true, TypeInfoResolver = null });

    /// <summary>UTF-8 JSON as a runtime reads it.</summary>
    public static byte[] Serialize(RuntimeSpec spec) => JsonSerializer.SerializeToUtf8Bytes(spec, Compact.RuntimeSpec);

    /// <summary>Indented JSON as a person reads it.</summary>
    public static string SerializeIndented(RuntimeSpec spec) => JsonSerializer.Serialize(spec, Indented.RuntimeSpec);

    /// <summary>Reads a config.json; what we do not know of is passed over.</summary>
    /// <exception cref="JsonException">The text is not a config.json.</exception>
    public static RuntimeSpec Deserialize(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Compact.RuntimeSpec) ?? throw new JsonException("config.json is null");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RuntimeSpec))]
internal sealed partial class SpecJsonContext : JsonSerializerContext;
