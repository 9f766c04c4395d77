using System.Text.Json;
using System.Text.Json.Serialization;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Matrix;

/// <summary>A <see cref="MatrixReport"/> as JSON: camelCase, UTF-8.</summary>
public static class MatrixJson
{
    private static readonly MatrixJsonContext Context = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = false,
        Encoder = VisibleJson.Encoder,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // A null or missing value that the records do not permit, and a duplicate, are refused.
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
    });

    /// <summary>Writes a report.</summary>
    public static byte[] Serialize(MatrixReport report) => JsonSerializer.SerializeToUtf8Bytes(report, Context.MatrixReport);

    /// <summary>Reads a report.</summary>
    /// <exception cref="JsonException">The text is not a report.</exception>
    public static MatrixReport Deserialize(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Context.MatrixReport) ?? throw new JsonException("found null, not a report");
}

[JsonSerializable(typeof(MatrixReport))]
internal sealed partial class MatrixJsonContext : JsonSerializerContext;
