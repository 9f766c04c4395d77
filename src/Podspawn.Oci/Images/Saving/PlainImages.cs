using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Saving;

/// <summary>
/// Makes twins of images whose layers are tar archives as they are: other blobs under another manifest, and the same configuration, so that it is the
/// same image.
/// </summary>
/// <param name="directory">The directory to create for the blobs of all of them.</param>
/// <param name="unpacking">Decompresses their layers.</param>
/// <param name="cancel">Cancels the work.</param>
internal sealed class PlainImages(string directory, LayerUnpacking unpacking, CancellationToken cancel)
{
    private static readonly string[] Compressions = ["+gzip", ".gzip"];

    /// <summary>The twin of an image whose layers are plain, or compressed with gzip.</summary>
    /// <exception cref="ImageException">A blob is not what its digest says, or the limit is exceeded.</exception>
    /// <exception cref="IOException">A blob cannot be written.</exception>
    internal ImageContent Of(ImageContent image)
    {
        if (!Directory.Exists(directory))
            PrivateDirectory.Make(directory);
        byte[] config = image.Read(image.Config, cancel);
        File.WriteAllBytes(PathOf(image.Config), config);
        var layers = new List<ImageLayer>();
        foreach ((ImageLayer layer, string content) in LayerUnpacking.ContentsOf(image, config))
        {
            string file = PathOf(content);
            if (!File.Exists(file))
            {
                using FileStream plain = File.Create(file);
                unpacking.Write(image, layer, content, plain);
            }
            layers.Add(new ImageLayer(content, new FileInfo(file).Length, PlainType(layer.MediaType)));
        }
        byte[] manifest = ManifestOf(image.Read(image.Manifest, cancel), layers);
        string digest = Digest.FromHex(Convert.ToHexStringLower(SHA256.HashData(manifest)));
        File.WriteAllBytes(PathOf(digest), manifest);
        return new ImageContent(directory, digest, image.Config, layers, image.Names);
    }

    private string PathOf(string digest) => $"{directory}/{Digest.Hex(digest)}";

    private static string PlainType(string type) =>
        Compressions.FirstOrDefault(compression => type.EndsWith(compression, StringComparison.Ordinal)) is { } compression ? type[..^compression.Length] : type;

    // All of the manifest but the layers stays. What their descriptors told of the compressed blobs (notes, the content itself) goes with those.
    private static byte[] ManifestOf(byte[] manifest, IReadOnlyList<ImageLayer> layers)
    {
        using JsonDocument document = JsonDocument.Parse(manifest);
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (JsonProperty property in document.RootElement.EnumerateObject().Where(property => property.Name != "layers"))
                property.WriteTo(json);
            json.WriteStartArray("layers");
            foreach (ImageLayer layer in layers)
            {
                json.WriteStartObject();
                json.WriteString("mediaType", layer.MediaType);
                json.WriteString("digest", layer.Digest);
                json.WriteNumber("size", layer.Size);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }
}
