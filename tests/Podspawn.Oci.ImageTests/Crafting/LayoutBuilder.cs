using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Podspawn.Oci.ImageTests.Crafting;

/// <summary>Builds OCI image layouts byte by byte (OCI image spec, image-layout.md): valid ones, and such as no builder would create.</summary>
internal sealed class LayoutBuilder
{
    internal const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    internal const string IndexType = "application/vnd.oci.image.index.v1+json";
    internal const string ConfigType = "application/vnd.oci.image.config.v1+json";
    internal const string LayerType = "application/vnd.oci.image.layer.v1.tar";

    private readonly string blobs;

    internal LayoutBuilder(string directory)
    {
        Root = directory;
        blobs = $"{directory}/blobs/sha256";
        Directory.CreateDirectory(blobs);
        File.WriteAllText($"{directory}/oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
    }

    internal static string HostArchitecture => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };

    internal string Root { get; }

    /// <summary>Creates a layout with one image, tagged "image".</summary>
    /// <returns>Its name for <c>pull</c>.</returns>
    internal static string Make(string directory, CraftedImage image)
    {
        var layout = new LayoutBuilder(directory);
        layout.WriteIndex(("image", layout.Add(image)));
        return $"oci:{directory}:image";
    }

    /// <summary>Writes an image's layers, configuration and manifest.</summary>
    /// <returns>The manifest's descriptor.</returns>
    internal JsonObject Add(CraftedImage image)
    {
        var layers = new JsonArray();
        var diffIds = new JsonArray();
        foreach (CraftedLayer layer in image.Layers)
        {
            (JsonObject descriptor, string diffId) = Add(layer);
            layers.Add(descriptor);
            diffIds.Add(diffId);
        }
        var configuration = new JsonObject
        {
            ["created"] = "2020-09-13T12:26:40Z",
            ["config"] = image.Config?.DeepClone(),
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = diffIds },
        };
        foreach ((string key, string? value) in new[] { ("architecture", image.Architecture), ("os", image.Os), ("variant", image.Variant) })
        {
            if (value is not null)
                configuration[key] = value;
        }
        image.ChangeConfiguration(configuration);
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = AddText(image.ConfigurationText ?? configuration.ToJsonString(), ConfigType),
            ["layers"] = layers,
        };
        image.ChangeManifest(manifest);
        return AddText(image.ManifestText ?? manifest.ToJsonString(), ManifestType);
    }

    /// <summary>Writes an index below the layout's own.</summary>
    /// <returns>Its descriptor.</returns>
    internal JsonObject AddIndex(params IEnumerable<JsonObject> manifests) => AddText(IndexOf(manifests).ToJsonString(), IndexType);

    /// <summary>A descriptor with the platform of its image.</summary>
    internal static JsonObject For(JsonObject descriptor, string architecture, string? variant = null, string os = "linux")
    {
        var told = (JsonObject)descriptor.DeepClone();
        told["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = os };
        if (variant is not null)
            told["platform"]!["variant"] = variant;
        return told;
    }

    /// <summary>Writes the layout's own index.</summary>
    internal void WriteIndex(params IEnumerable<(string Tag, JsonObject Descriptor)> images) =>
        File.WriteAllText($"{Root}/index.json", IndexOf(images.Select(image =>
        {
            var tagged = (JsonObject)image.Descriptor.DeepClone();
            tagged["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = image.Tag };
            return tagged;
        })).ToJsonString());

    /// <summary>Writes a blob.</summary>
    /// <returns>Its descriptor.</returns>
    internal JsonObject AddText(string text, string mediaType)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        string digest = DigestOf(SHA256.HashData(bytes));
        File.WriteAllBytes(PathOf(digest), bytes);
        return Descriptor(mediaType, digest, bytes.Length);
    }

    /// <summary>The path of a blob.</summary>
    internal string PathOf(string digest) => $"{blobs}/{digest.Split(':')[1]}";

    private static JsonObject IndexOf(IEnumerable<JsonObject> manifests) => new()
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = IndexType,
        ["manifests"] = new JsonArray([.. manifests.Select(manifest => manifest.DeepClone())]),
    };

    private (JsonObject Descriptor, string DiffId) Add(CraftedLayer layer)
    {
        string archive = $"{blobs}/.archive", blob = $"{blobs}/.blob";
        using (FileStream file = File.Create(archive))
            layer.Write(new TarWriter(file));
        Cut(archive, layer.KeptOfArchive);
        if (layer is { Compressed: true, Zstd: true })
        {
            Tool.Run("zstd", "-q", "-f", archive, "-o", blob);
        }
        else if (layer.Compressed)
        {
            using FileStream from = File.OpenRead(archive);
            using var to = new GZipStream(File.Create(blob), CompressionLevel.Fastest);
            from.CopyTo(to);
        }
        else
        {
            File.Copy(archive, blob, overwrite: true);
        }
        Cut(blob, layer.KeptOfBlob);
        string digest = layer.ToldDigest ?? HashOf(blob), diffId = layer.ToldDiffId ?? HashOf(archive);
        long size = new FileInfo(blob).Length;
        File.Delete(archive);
        if (layer.Missing)
            File.Delete(blob);
        else
            File.Move(blob, PathOf(digest), overwrite: true);
        return (Descriptor(layer.MediaType ?? (!layer.Compressed ? LayerType : layer.Zstd ? $"{LayerType}+zstd" : $"{LayerType}+gzip"), digest, layer.ToldSize ?? size), diffId);
    }

    private static void Cut(string path, long? kept)
    {
        if (kept is not { } length)
            return;
        using FileStream file = File.OpenWrite(path);
        file.SetLength(length);
    }

    private static JsonObject Descriptor(string mediaType, string digest, long size) => new() { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = size };

    private static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return DigestOf(SHA256.HashData(file));
    }

    private static string DigestOf(byte[] hash) => $"sha256:{Convert.ToHexStringLower(hash)}";
}
