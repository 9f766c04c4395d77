using System.Text.Json;
using System.Text.Json.Serialization;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Verification.Reports;

/// <summary>A <see cref="VerificationReport"/> as JSON: camelCase, UTF-8.</summary>
public static class VerificationJson
{
    private static readonly VerificationJsonContext Context = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = VisibleJson.Encoder,
    });

    /// <summary>Writes a report.</summary>
    public static byte[] Serialize(VerificationReport report) => JsonSerializer.SerializeToUtf8Bytes(report, Context.VerificationReport);

    /// <summary>Reads a report.</summary>
    /// <exception cref="JsonException">The text is not a report.</exception>
    public static VerificationReport Deserialize(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Context.VerificationReport) ?? throw new JsonException("found null, not a report");
}

[JsonSerializable(typeof(VerificationReport))]
internal sealed partial class VerificationJsonContext : JsonSerializerContext;
