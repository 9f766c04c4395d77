using System.Text.Json.Serialization;

namespace Podspawn.Oci.Cli.Output;

/// <summary>A step of an image's making, as <c>history</c> prints it, by podman's names. The size is that of the layer as it is kept.</summary>
internal sealed record ImageStep(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("created")] DateTimeOffset? Created,
    string CreatedBy,
    [property: JsonPropertyName("size")] long Size,
    [property: JsonPropertyName("comment")] string Comment,
    [property: JsonPropertyName("tags")] IReadOnlyList<string> Tags);

/// <summary>Their JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImageStep))]
[JsonSerializable(typeof(IReadOnlyList<ImageStep>))]
internal sealed partial class ImageJson : JsonSerializerContext;
