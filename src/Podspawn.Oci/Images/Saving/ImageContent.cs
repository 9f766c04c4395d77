using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Store;

namespace Podspawn.Oci.Images.Saving;

/// <summary>An image to be saved: where its blobs are, and what they are.</summary>
/// <param name="Blobs">The directory of the blobs, by their digits.</param>
/// <param name="Manifest">The manifest's digest.</param>
/// <param name="Config">The configuration's digest.</param>
/// <param name="Layers">Its layers, the lowest first.</param>
/// <param name="Names">Its names in registries; none for a nameless one.</param>
internal sealed record ImageContent(string Blobs, string Manifest, string Config, IReadOnlyList<ImageLayer> Layers, IReadOnlyList<string> Names)
{
    /// <summary>An image of the store.</summary>
    internal static ImageContent Of(StorePaths paths, ImageRecord record, IReadOnlyList<string> names) =>
        new(paths.BlobDirectory, record.Digest, record.Config, record.Layers, names);

    /// <summary>The only image of a layout that skopeo has made.</summary>
    /// <exception cref="ImageException">The layout has no such image.</exception>
    internal static ImageContent Read(string layout, IReadOnlyList<string> names)
    {
        string blobs = $"{layout}/blobs/sha256";
        string manifest = ImageJson.ReadManifest($"{layout}/index.json").Manifests is [{ Digest: { } only }] ? only : "";
        ImageManifest read = ImageJson.ReadManifest($"{blobs}/{Digest.Hex(manifest)}");
        return new ImageContent(
            blobs, manifest, read.Config?.Digest ?? "", [.. (read.Layers ?? []).Select(layer => new ImageLayer(layer.Digest ?? "", layer.Size, layer.MediaType ?? ""))], names);
    }

    /// <summary>Whether every layer is a tar archive as it is, or compressed with gzip.</summary>
    internal bool IsPlain => Layers.All(layer => layer.MediaType.EndsWith(".tar", StringComparison.Ordinal) || IsGzip(layer));

    /// <summary>Whether a layer is compressed with gzip.</summary>
    internal static bool IsGzip(ImageLayer layer) => layer.MediaType.EndsWith("gzip", StringComparison.Ordinal);

    /// <summary>Opens a blob.</summary>
    /// <exception cref="ImageException">There is no such blob.</exception>
    internal CheckedBlob Open(string digest, CancellationToken cancel) => new($"{Blobs}/{Digest.Hex(digest)}", digest, cancel);

    /// <summary>Reads a small blob.</summary>
    /// <exception cref="ImageException">There is no such blob, it is too large, or not what its digest says.</exception>
    internal byte[] Read(string digest, CancellationToken cancel)
    {
        const int Largest = 4 << 20;
        using CheckedBlob blob = Open(digest, cancel);
        if (blob.Length > Largest)
            throw new ImageException($"the document {digest} has more than {Largest >> 20} MiB; take another image");
        byte[] content = new byte[blob.Length];
        blob.ReadExactly(content);
        blob.RequireWhole();
        return content;
    }

    /// <summary>All its blobs.</summary>
    internal IEnumerable<string> All => [.. Layers.Select(layer => layer.Digest), Config, Manifest];
}
