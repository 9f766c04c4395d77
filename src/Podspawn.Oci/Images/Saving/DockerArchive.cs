using System.Formats.Tar;
using System.Text.Json;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Store;

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
    private readonly LayerUnpacking unpacking = new(maxSize, cancel);

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
            var layers = new List<string>();
            foreach ((ImageLayer layer, string content) in LayerUnpacking.ContentsOf(image, config))
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
        unpacking.Write(image, layer, content, plain);
        plain.Position = 0;
        tar.WriteEntry(EntryOf(name, plain));
    }

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
