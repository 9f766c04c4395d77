using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Images.Tools;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.Saving;

/// <summary>
/// Writes what docker save writes (docker's image spec v1.2): layers as they are once decompressed, configurations, and a list of the images. The same
/// images give the same bytes.
/// </summary>
/// <param name="output">The archive.</param>
/// <param name="room">A path for a file in which a layer is decompressed: an archive tells a file's size before its content.</param>
/// <param name="maxSize">The limit of all decompressed layers, in bytes.</param>
/// <param name="cancel">Cancels the writing.</param>
internal sealed class DockerArchive(Stream output, string room, long maxSize, CancellationToken cancel)
{
    private readonly HashSet<string> written = [];
    private long decompressed;

    /// <summary>Writes the archive.</summary>
    /// <exception cref="ImageException">A blob is not what its digest says, or the limit is exceeded.</exception>
    /// <exception cref="IOException">The archive cannot be written.</exception>
    internal void Write(IReadOnlyList<ImageContent> images)
    {
        using var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);
        var list = new List<(string Config, IReadOnlyList<string> Names, IReadOnlyList<string> Layers)>();
        foreach (ImageContent image in images)
        {
            byte[] config = image.Read(image.Config, cancel);
            string[] contents = [.. (ParseContents(config) ?? []).OfType<string>()];
            if (contents.Length != image.Layers.Count)
                throw new ImageException($"the image {image.Manifest} has {image.Layers.Count} layers, and its configuration tells of {contents.Length}; fetch it again");
            var layers = new List<string>();
            foreach ((ImageLayer layer, string content) in image.Layers.Zip(contents))
            {
                string name = $"{Digest.Hex(content)}.tar";
                layers.Add(name);
                if (written.Add(name))
                    WriteLayer(tar, image, layer, content, name);
            }
            string file = $"{Digest.Hex(image.Config)}.json";
            if (written.Add(file))
                tar.WriteEntry(EntryOf(file, new MemoryStream(config)));
            list.Add((file, image.Names, layers));
        }
        tar.WriteEntry(EntryOf("manifest.json", new MemoryStream(ListOf(list))));
    }

    /// <summary>An entry of an archive that tells nothing of this host.</summary>
    internal static PaxTarEntry EntryOf(string name, Stream content) => new(TarEntryType.RegularFile, name)
    {
        Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
        ModificationTime = DateTimeOffset.UnixEpoch,
        DataStream = content,
    };

    private void WriteLayer(TarWriter tar, ImageContent image, ImageLayer layer, string content, string name)
    {
        using var plain = new FileStream(room, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose });
        using CheckedBlob blob = image.Open(layer.Digest, cancel);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (Stream source = ImageContent.IsGzip(layer) ? new GZipStream(blob, CompressionMode.Decompress, leaveOpen: true) : blob)
        {
            byte[] buffer = new byte[1 << 17];
            for (int got = Next(source, buffer, layer); got > 0; got = Next(source, buffer, layer))
            {
                hash.AppendData(buffer, 0, got);
                plain.Write(buffer, 0, got);
                if ((decompressed += got) > maxSize)
                {
                    throw new LimitException(
                        $"the images are larger than {ByteSize.Format(maxSize)} once decompressed; if that is what you want, allow more with {Setting.MaxSize}");
                }
            }
            blob.RequireWhole();
        }
        if (Digest.FromHex(Convert.ToHexStringLower(hash.GetCurrentHash())) != content)
            throw new ImageException($"the layer {layer.Digest} has another content than the image's configuration says; remove the image and fetch it again");
        plain.Position = 0;
        tar.WriteEntry(EntryOf(name, plain));
    }

    private static int Next(Stream source, byte[] buffer, ImageLayer layer)
    {
        try
        {
            return source.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new ImageException($"the layer {layer.Digest} is damaged: {e.Message.TrimEnd('.')}; remove the image and fetch it again");
        }
    }

    private static IReadOnlyList<string?>? ParseContents(byte[] config) => ImageJson.ParseDetails(config).Rootfs?.DiffIds;

    private static byte[] ListOf(IEnumerable<(string Config, IReadOnlyList<string> Names, IReadOnlyList<string> Layers)> images)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            foreach ((string config, IReadOnlyList<string> names, IReadOnlyList<string> layers) in images)
            {
                json.WriteStartObject();
                json.WriteString("Config", config);
                json.WriteStartArray("RepoTags");
                foreach (string name in names)
                    json.WriteStringValue(name);
                json.WriteEndArray();
                json.WriteStartArray("Layers");
                foreach (string layer in layers)
                    json.WriteStringValue(layer);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return bytes.WrittenSpan.ToArray();
    }
}
