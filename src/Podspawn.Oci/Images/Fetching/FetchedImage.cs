using System.Globalization;
using System.Text.Json;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.Fetching;

/// <summary>An image whose blobs are all in the store, with its manifest and configuration, checked.</summary>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="Config">The configuration's digest.</param>
/// <param name="Platform">The platform it is built for.</param>
/// <param name="Created">When it was built; null where the configuration has no usable time.</param>
/// <param name="Layers">Its layers.</param>
/// <param name="Process">How it asks to be run.</param>
internal sealed record FetchedImage(
    string Digest, string Config, ImagePlatform Platform, DateTimeOffset? Created, IReadOnlyList<ImageLayer> Layers, ImageProcess Process)
{
    // Formats that umoci reads (application/vnd.oci.image.layer.v1.tar, +gzip, and their "nondistributable" twins).
    private static readonly string[] Readable = [".tar", ".tar+gzip", ".tar.gzip"];

    private static readonly string[] ForeignTypes = [".foreign.", ".nondistributable."];

    /// <summary>Whether umoci can unpack it as it is.</summary>
    internal bool IsReadable => Layers.All(layer => Readable.Any(ending => layer.MediaType.EndsWith(ending, StringComparison.Ordinal)));

    /// <summary>All its blobs.</summary>
    internal IEnumerable<string> Blobs => [Digest, Config, .. Layers.Select(layer => layer.Digest)];

    /// <summary>Reads the only image of a layout that skopeo has created.</summary>
    /// <exception cref="ImageException">It is not a container image.</exception>
    internal static FetchedImage Read(string layout, StorePaths paths)
    {
        ImageManifest index = ImageJson.ReadManifest($"{layout}/index.json");
        string digest = Valid(index.Manifests is [{ } only] ? only.Digest : null, "index");
        ImageManifest manifest = ImageJson.ReadManifest(paths.Blob(digest));
        if (manifest.Manifests is not null || manifest.Config is not { } config || manifest.Layers is not { } layers)
            throw new ImageException("the image's manifest has no configuration or no layers; take another image");
        if (config.MediaType is not ("application/vnd.oci.image.config.v1+json" or "application/vnd.docker.container.image.v1+json"))
            throw new ImageException($"it is no container image but an artifact of type '{Printable.Clean(config.MediaType ?? "", 100)}'; take another image");
        ImageConfiguration configuration = ImageJson.ReadConfiguration(paths.Blob(Valid(config.Digest, "manifest")));
        // umoci panics where there are fewer, and ignores surplus ones.
        if ((configuration.Rootfs?.DiffIds?.Count ?? 0) is var diffIds && diffIds != layers.Count)
            throw new ImageException($"the image's manifest has {layers.Count} layers, and its configuration tells of {diffIds} (rootfs.diff_ids); build the image anew, or take " +
                $"another");
        return new FetchedImage(
            digest,
            config.Digest!,
            PlatformOf(configuration),
            DateTimeOffset.TryParse(configuration.Created, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset created) ? created : null,
            [.. layers.Select(layer => Layer(layer, paths))],
            ImageProcess.Of(configuration.Config));
    }

    // An image that names no platform is assumed to be for this host's, as in docker.
    private static ImagePlatform PlatformOf(ImageConfiguration configuration) => new(
        configuration.Os is { Length: > 0 } os ? Printable.Clean(os, 100) : ImagePlatform.Host.Os,
        configuration.Architecture is { Length: > 0 } architecture ? Printable.Clean(architecture, 100) : ImagePlatform.Host.Architecture,
        configuration.Variant is { Length: > 0 } variant ? Printable.Clean(variant, 100) : null);

    // A wrong size would be added up and shown.
    private static ImageLayer Layer(ImageDescriptor? layer, StorePaths paths)
    {
        string digest = Valid(layer?.Digest, "manifest"), type = LayerType(layer!.MediaType);
        var blob = new FileInfo(paths.Blob(digest));
        // The tool that fetched the image may have read its manifest in another way.
        if (!blob.Exists)
        {
            throw new ImageException(ForeignTypes.Any(word => type.Contains(word, StringComparison.Ordinal))
                ? ForeignLayer(digest, layer) : $"the layer {digest} is missing; take another image");
        }
        return blob.Length == layer.Size
            ? new ImageLayer(digest, blob.Length, type)
            : throw new ImageException($"the layer {digest} has {blob.Length} bytes, and the image's manifest tells of {layer.Size}; build the image anew, or take another");
    }

    // Registries and archives mostly have no more of it than a note of where it is, and skopeo passes over it.
    private static string ForeignLayer(string digest, ImageDescriptor layer)
    {
        string place = layer.Urls is { ValueKind: JsonValueKind.Array } urls && urls.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.String } url
            ? $"at {Printable.Clean(url.GetString()!, 200)}" : "elsewhere";
        return $"the layer {digest} is a foreign one: who made it restricts who may pass it on, and offers it {place}. Such layers are not fetched; take an image without them";
    }

    private static string LayerType(string? type) => type is { } text && text.Contains(".tar", StringComparison.Ordinal)
        ? Printable.Clean(text, 100)
        : throw new ImageException($"a layer is of type '{Printable.Clean(type ?? "", 100)}', which is no tar archive; take another image");

    private static string Valid(string? digest, string place) => Documents.Digest.IsValid(digest)
        ? digest!
        : throw new ImageException($"the image's {place} has no usable sha256 digest in it; take another image");
}
