using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Tools;
using Podspawn.Oci.Native;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.Fetching;

/// <summary>
/// A second layout of an image whose layers have no pax headers for all entries any more (<see cref="GlobalHeaders"/>): umoci refuses them, where
/// docker passes over them. Only what is unpacked is cleaned; the image keeps its own blobs and digests, against which every layer is checked here.
/// </summary>
internal sealed class CleanedLayers
{
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar";
    private static readonly string[] Complaints = ["unknown typeflag", "archive/tar:", "panic:"];

    private readonly string layout;
    private readonly string target;
    private readonly long maxSize;
    private readonly CancellationToken cancel;
    private long written;
    private bool found;

    private CleanedLayers(string layout, string target, long maxSize, CancellationToken cancel) =>
        (this.layout, this.target, this.maxSize, this.cancel) = (layout, target, maxSize, cancel);

    /// <summary>Whether what umoci says may be about such a header.</summary>
    internal static bool MayHelp(string error) => Complaints.Any(word => error.Contains(word, StringComparison.Ordinal));

    /// <summary>Creates the layout.</summary>
    /// <param name="layout">The image's layout, in a form that umoci reads.</param>
    /// <param name="target">The directory to create.</param>
    /// <param name="maxSize">The size limit of the decompressed layers, in bytes.</param>
    /// <param name="cancel">Cancels it.</param>
    /// <returns>False where no layer has such a header; the directory is of no use then.</returns>
    /// <exception cref="ImageException">A layer is not what its digest says, or the limit is exceeded.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    internal static bool Make(string layout, string target, long maxSize, CancellationToken cancel)
    {
        var made = new CleanedLayers(layout, target, maxSize, cancel);
        made.Run();
        return made.found;
    }

    private void Run()
    {
        PrivateDirectory.Make(target, $"{target}/blobs", $"{target}/blobs/sha256");
        ImageManifest index = ImageJson.ReadManifest($"{layout}/index.json");
        ImageManifest manifest = ImageJson.ReadManifest(Blob(index.Manifests?[0]?.Digest));
        ImageConfiguration configuration = ImageJson.ReadConfiguration(Blob(manifest.Config?.Digest));
        IReadOnlyList<ImageDescriptor> layers = manifest.Layers ?? [];
        IReadOnlyList<string?> contents = configuration.Rootfs?.DiffIds ?? [];
        (string Digest, long Size)[] cleaned = [.. layers.Select((layer, i) => Clean(layer, i < contents.Count ? contents[i] : null))];
        if (!found)
            return;
        (string Digest, long Size) config = Document(json =>
        {
            json.WriteString("architecture", configuration.Architecture ?? ImagePlatform.Host.Architecture);
            json.WriteString("os", configuration.Os ?? ImagePlatform.Host.Os);
            json.WriteStartObject("config");
            json.WriteEndObject();
            json.WriteStartObject("rootfs");
            json.WriteString("type", "layers");
            json.WriteStartArray("diff_ids");
            foreach ((string digest, _) in cleaned)
                json.WriteStringValue(digest);
            json.WriteEndArray();
            json.WriteEndObject();
        });
        (string Digest, long Size) top = Document(json =>
        {
            json.WriteNumber("schemaVersion", 2);
            json.WritePropertyName("config");
            WriteDescriptor(json, "application/vnd.oci.image.config.v1+json", config);
            json.WriteStartArray("layers");
            foreach ((string Digest, long Size) layer in cleaned)
                WriteDescriptor(json, LayerType, layer);
            json.WriteEndArray();
        });
        File.WriteAllBytes($"{target}/index.json", Json(json =>
        {
            json.WriteNumber("schemaVersion", 2);
            json.WriteStartArray("manifests");
            WriteDescriptor(json, "application/vnd.oci.image.manifest.v1+json", top, Skopeo.Tag);
            json.WriteEndArray();
        }));
        File.WriteAllBytes($"{target}/oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8);
    }

    private (string Digest, long Size) Clean(ImageDescriptor layer, string? content)
    {
        string partial = $"{target}/partial";
        using var read = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var before = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var after = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long size = 0;
        using (var file = new HashedStream(File.OpenRead(Blob(layer.Digest)), read))
        using (FileStream to = File.Create(partial))
        {
            // umoci goes by the media type as well, not by the content.
            bool isCompressed = layer.MediaType?.EndsWith("gzip", StringComparison.Ordinal) == true;
            using GZipStream? gzip = isCompressed ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : null;
            Stream tar = gzip ?? (Stream)file;
            var headers = new GlobalHeaders();
            var room = new ArrayBufferWriter<byte>(1 << 17);
            byte[] buffer = new byte[1 << 17];
            for (int got = Read(tar, buffer); ; got = Read(tar, buffer))
            {
                cancel.ThrowIfCancellationRequested();
                room.ResetWrittenCount();
                before.AppendData(buffer, 0, got);
                if (got > 0)
                    headers.Pass(buffer.AsSpan(0, got), room);
                else
                    headers.End(room);
                after.AppendData(room.WrittenSpan);
                to.Write(room.WrittenSpan);
                size += room.WrittenCount;
                if ((written += room.WrittenCount) > maxSize)
                    throw new LimitException($"the image is larger than {ByteSize.Format(maxSize)} once decompressed; if that is what you want, allow more with {Setting.MaxSize}");
                if (got == 0)
                    break;
            }
            found |= headers.Found;
            file.ReadToEnd();
        }
        if (DigestOf(read) != layer.Digest || DigestOf(before) != content)
            throw new ImageException($"the layer {Printable.Clean(layer.Digest ?? "", 100)} is not what its digest says; fetch it again, or take another image");
        string digest = DigestOf(after);
        File.Move(partial, $"{target}/blobs/sha256/{Digest.Hex(digest)}", overwrite: true);
        return (digest, size);
    }

    private static int Read(Stream tar, byte[] buffer)
    {
        try
        {
            return tar.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new ImageException($"a layer is damaged: {e.Message.TrimEnd('.')}; fetch it again, or take another image");
        }
    }

    private string Blob(string? digest) => $"{layout}/blobs/sha256/{Digest.Hex(digest ?? "")}";

    private (string Digest, long Size) Document(Action<Utf8JsonWriter> write)
    {
        byte[] json = Json(write);
        string digest = Digest.FromHex(Convert.ToHexStringLower(SHA256.HashData(json)));
        File.WriteAllBytes($"{target}/blobs/sha256/{Digest.Hex(digest)}", json);
        return (digest, json.Length);
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteDescriptor(Utf8JsonWriter json, string type, (string Digest, long Size) blob, string? name = null)
    {
        json.WriteStartObject();
        json.WriteString("mediaType", type);
        json.WriteString("digest", blob.Digest);
        json.WriteNumber("size", blob.Size);
        if (name is not null)
        {
            json.WriteStartObject("annotations");
            json.WriteString("org.opencontainers.image.ref.name", name);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static string DigestOf(IncrementalHash hash) => Digest.FromHex(Convert.ToHexStringLower(hash.GetCurrentHash()));
}
