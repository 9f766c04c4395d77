using System.Text.Json.Serialization;

namespace Podspawn.Oci.Cli.Output;

/// <summary>A step of an image's making, as <c>history</c> prints it. The size is that of the layer as it is kept.</summary>
internal sealed record ImageStep(string Id, DateTimeOffset? Created, string CreatedBy, long Size, string Comment, IReadOnlyList<string> Tags);

/// <summary>Their JSON: names as they are here.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImageStep))]
[JsonSerializable(typeof(IReadOnlyList<ImageStep>))]
internal sealed partial class ImageJson : JsonSerializerContext;
