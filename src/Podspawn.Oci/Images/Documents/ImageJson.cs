using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Podspawn.Oci.Native;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.Documents;

/// <summary>Parses the JSON documents of images. They come from strangers: sizes are limited, and every mistake in them is an <see cref="ImageException"/>.</summary>
internal static class ImageJson
{
    // The limit of containers/image for a manifest; configurations with a long history are no larger.
    private const int Largest = 4 << 20;

    internal static ImageManifest ReadManifest(string path) => Read(path, ImageDocuments.Default.ImageManifest, "manifest");

    internal static ImageConfiguration ReadConfiguration(string path) => Read(path, ExecutionDocuments.Default.ImageConfiguration, "configuration");

    internal static ImageManifest ParseManifest(string text) => Parse(System.Text.Encoding.UTF8.GetBytes(text), ImageDocuments.Default.ImageManifest, "manifest");

    /// <summary>Parses the names that skopeo list-tags prints for an archive.</summary>
    internal static IReadOnlyList<string> ParseTags(string text) =>
        [.. (Parse(System.Text.Encoding.UTF8.GetBytes(text), ExecutionDocuments.Default.TagList, "list of names").Tags ?? []).OfType<string>()];

    internal static ImageDetails ReadDetails(string path) => Read(path, DetailDocuments.Default.ImageDetails, "configuration");

    internal static ImageDetails ParseDetails(byte[] json) => Parse(json, DetailDocuments.Default.ImageDetails, "configuration");

    /// <summary>Parses the index of a layout.</summary>
    internal static ImageManifest ParseIndex(byte[] json) => Parse(json, ImageDocuments.Default.ImageManifest, "index");

    /// <summary>Parses the list of images of what docker save writes.</summary>
    internal static IReadOnlyList<SavedImage?> ParseSaved(byte[] json) => Parse(json, DetailDocuments.Default.IReadOnlyListSavedImage, "list of images");

    private static T Read<T>(string path, JsonTypeInfo<T> type, string what)
        where T : class
    {
        try
        {
            return Parse(RegularFile.Read(path, Largest).ToArray(), type, what);
        }
        catch (UnfitFileException e) when (e.IsMissing)
        {
            throw new ImageException($"the image's {what} is missing; take another image");
        }
        catch (UnfitFileException e) when (e.Number == 0)
        {
            throw new ImageException($"the image's {what} {e.Message}; take another image");
        }
    }

    private static T Parse<T>(byte[] json, JsonTypeInfo<T> type, string what)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new ImageException($"the image's {what} is null; take another image");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            string place = e is JsonException { Path.Length: > 0 } json1 ? $" ({Printable.Clean(json1.Path, 200)})" : "";
            throw new ImageException($"the image's {what} is not what the OCI image spec asks for{place}; build the image anew, or take another");
        }
    }
}

/// <summary>Manifests and indexes: names in camel case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ImageManifest))]
internal sealed partial class ImageDocuments : JsonSerializerContext;

/// <summary>Configurations: names in lower case, and in Pascal case below <c>config</c>; no two of them differ only by case.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ImageConfiguration))]
[JsonSerializable(typeof(TagList))]
internal sealed partial class ExecutionDocuments : JsonSerializerContext;

/// <summary>The output of skopeo list-tags.</summary>
internal sealed record TagList(IReadOnlyList<string?>? Tags);
