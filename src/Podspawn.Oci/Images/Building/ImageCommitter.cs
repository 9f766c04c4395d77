using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Images.Tools;
using Podspawn.Oci.Native;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.Building;

/// <summary>Makes an image of one of the store, or of none, with a further layer on top.</summary>
/// <param name="store">The store.</param>
/// <param name="options">The limits.</param>
/// <param name="watcher">Receives the progress.</param>
/// <param name="signals">The source of a signal that ends the work; null for none.</param>
public sealed class ImageCommitter(ImageStore store, FetchOptions options, IFetchWatcher watcher, ISignalSource? signals)
{
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>Makes the image, and unpacks it.</summary>
    /// <param name="shown">What it is made of, for messages.</param>
    /// <param name="below">The image below; null for none.</param>
    /// <param name="name">The new image's name; null for none.</param>
    /// <param name="author">Who made it; null where the image below tells.</param>
    /// <param name="message">The comment of the new layer.</param>
    /// <param name="process">How the container was run.</param>
    /// <param name="changes">Instructions of a Dockerfile.</param>
    /// <param name="writeLayer">Writes the layer's archive.</param>
    /// <exception cref="ImageException">It cannot be made; nothing is left.</exception>
    public ImageRecord Commit(
        string shown, ImageRecord? below, ImageName? name, string? author, string? message, CommittedProcess process, IReadOnlyList<string> changes,
        Action<Stream, CancellationToken> writeLayer)
    {
        ImageDetails details = below is null ? new ImageDetails() : store.DetailsOf(below);
        ImageChanges changed = CommittedConfiguration.Changed(details.Config ?? new ImageSettings(), process, changes);
        using ImageLease? lease = below is null ? null : store.Hold(below) ?? throw new NoSuchImageException(below.Digest);
        return new ImageFetcher(store, options, watcher, signals).Store(shown, name, (staging, cancel) =>
        {
            watcher.Begin(shown, FetchStage.Committing, 0);
            (string digest, long size, string content) = Layer(staging, writeLayer, cancel);
            var step = new ImageHistory
            {
                Created = CommittedConfiguration.TimeText(DateTimeOffset.UtcNow),
                CreatedBy = string.Join(' ', process.Arguments),
                Author = author,
                Comment = message,
            };
            string[] contents = [.. (details.Rootfs?.DiffIds ?? []).OfType<string>(), content];
            byte[] configuration = CommittedConfiguration.Write(details, changed, below?.Platform ?? ImagePlatform.Host, author, step, contents);
            (string Digest, long Size) config = Blob(staging, configuration);
            (string Digest, long Size) manifest = Blob(staging, Manifest(config, [.. below?.Layers ?? [], new ImageLayer(digest, size, LayerType)]));
            string layout = ImageFetcher.LayoutOf(staging);
            PrivateDirectory.Make(layout);
            File.CreateSymbolicLink($"{layout}/blobs", store.Paths.Blobs);
            File.WriteAllBytes($"{layout}/oci-layout", StoredLayout.Version);
            File.WriteAllBytes($"{layout}/index.json", StoredLayout.Index([(manifest.Digest, manifest.Size, [Skopeo.Tag])]));
            return [digest, config.Digest, manifest.Digest];
        });
    }

    private (string Digest, long Size, string Content) Layer(Staging staging, Action<Stream, CancellationToken> write, CancellationToken cancel)
    {
        string partial = $"{staging.Directory}/layer";
        using var content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var compressed = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long size;
        using (FileStream file = File.Create(partial))
        {
            using (var packed = new HashingStream(file, compressed, long.MaxValue, _ => { }))
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            using (var plain = new HashingStream(gzip, content, options.MaxSize, watcher.Advance))
                write(plain, cancel);
            // On disk before it has its name: see what the store says of its blobs.
            file.Flush(flushToDisk: true);
            size = file.Length;
        }
        string digest = DigestOf(compressed);
        File.Move(partial, store.Paths.Blob(digest), overwrite: true);
        return (digest, size, DigestOf(content));
    }

    private (string Digest, long Size) Blob(Staging staging, byte[] content)
    {
        string digest = Digest.FromHex(Convert.ToHexStringLower(SHA256.HashData(content))), partial = $"{staging.Directory}/document";
        File.WriteAllBytes(partial, content);
        File.Move(partial, store.Paths.Blob(digest), overwrite: true);
        return (digest, content.Length);
    }

    private static byte[] Manifest((string Digest, long Size) config, IReadOnlyList<ImageLayer> layers)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", "application/vnd.oci.image.manifest.v1+json");
            json.WritePropertyName("config");
            Descriptor(json, "application/vnd.oci.image.config.v1+json", config.Digest, config.Size);
            json.WriteStartArray("layers");
            foreach (ImageLayer layer in layers)
                Descriptor(json, layer.MediaType, layer.Digest, layer.Size);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    private static void Descriptor(Utf8JsonWriter json, string type, string digest, long size)
    {
        json.WriteStartObject();
        json.WriteString("mediaType", type);
        json.WriteString("digest", digest);
        json.WriteNumber("size", size);
        json.WriteEndObject();
    }

    private static string DigestOf(IncrementalHash hash) => Digest.FromHex(Convert.ToHexStringLower(hash.GetCurrentHash()));

    /// <summary>Hashes and counts what is written.</summary>
    private sealed class HashingStream(Stream inner, IncrementalHash hash, long most, Action<long> advance) : Stream
    {
        private long written;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => written;

        public override long Position
        {
            get => written;
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            hash.AppendData(buffer);
            inner.Write(buffer);
            written += buffer.Length;
            advance(written);
            if (written > most)
                throw new LimitException($"the layer is larger than {ByteSize.Format(most)}; if that is what you want, allow more with {Setting.MaxSize}");
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
