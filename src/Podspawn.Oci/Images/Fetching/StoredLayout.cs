using System.Text.Json;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Fetching;

/// <summary>The documents of an OCI image layout (image-layout.md), for images of the store.</summary>
internal static class StoredLayout
{
    /// <summary>The media type of manifests in the store: skopeo converts others.</summary>
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>The annotation that names an image in a layout.</summary>
    internal const string NameAnnotation = "org.opencontainers.image.ref.name";

    /// <summary>The annotation by which containerd and docker name an image in a layout.</summary>
    internal const string FullNameAnnotation = "io.containerd.image.name";

    /// <summary>The content of <c>oci-layout</c>.</summary>
    internal static ReadOnlySpan<byte> Version => """{"imageLayoutVersion":"1.0.0"}"""u8;

    /// <summary>Creates a layout in a staging directory that has one image of the store, with the blobs of the store itself.</summary>
    /// <returns>Its path.</returns>
    internal static string Make(Staging staging, StorePaths paths, ImageRecord record)
    {
        string layout = $"{staging.Directory}/layout";
        TreeRemoval.Remove(layout);
        PrivateDirectory.Make(layout);
        File.CreateSymbolicLink($"{layout}/blobs", paths.Blobs);
        File.WriteAllBytes($"{layout}/oci-layout", Version);
        File.WriteAllBytes($"{layout}/index.json", Index([(record.Digest, new FileInfo(paths.Blob(record.Digest)).Length, [Skopeo.Tag])]));
        return layout;
    }

    /// <summary>An index of manifests, each under its names.</summary>
    /// <param name="manifests">Each manifest's digest, its size in bytes, and its names; none for a nameless one.</param>
    internal static byte[] Index(IEnumerable<(string Digest, long Size, IReadOnlyList<string> Names)> manifests)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", "application/vnd.oci.image.index.v1+json");
            json.WriteStartArray("manifests");
            foreach ((string digest, long size, IReadOnlyList<string> names) in manifests)
            {
                string?[] called = names.Count == 0 ? [null] : [.. names];
                foreach (string? name in called)
                    WriteManifest(json, digest, size, name);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The name that a manifest of an index has as an image's; null for none, or where it is only a tag.</summary>
    internal static string? NameOf(ImageDescriptor manifest) =>
        manifest.Annotations?.GetValueOrDefault(FullNameAnnotation)
        ?? (manifest.Annotations?.GetValueOrDefault(NameAnnotation) is { } name && name.AsSpan().ContainsAny('/', ':') ? name : null);

    private static void WriteManifest(Utf8JsonWriter json, string digest, long size, string? name)
    {
        json.WriteStartObject();
        json.WriteString("mediaType", ManifestType);
        json.WriteString("digest", digest);
        json.WriteNumber("size", size);
        if (name is not null)
        {
            json.WriteStartObject("annotations");
            json.WriteString(NameAnnotation, name);
            if (name.Contains('/'))
                json.WriteString(FullNameAnnotation, name);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
