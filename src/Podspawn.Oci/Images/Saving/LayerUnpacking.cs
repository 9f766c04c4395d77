using System.IO.Compression;
using System.Security.Cryptography;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Images.Tools;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.Saving;

/// <summary>Decompresses layers, and holds them against the digests of their contents.</summary>
/// <param name="maxSize">The limit of all layers together, in bytes.</param>
/// <param name="cancel">Cancels the work.</param>
internal sealed class LayerUnpacking(long maxSize, CancellationToken cancel)
{
    private long decompressed;

    /// <summary>The layers of an image, each with the digest of its content.</summary>
    /// <param name="image">The image.</param>
    /// <param name="config">Its configuration.</param>
    /// <exception cref="ImageException">The configuration tells of another number of layers.</exception>
    internal static IEnumerable<(ImageLayer Layer, string Content)> ContentsOf(ImageContent image, byte[] config)
    {
        string[] contents = [.. (ImageJson.ParseDetails(config).Rootfs?.DiffIds ?? []).OfType<string>()];
        return contents.Length == image.Layers.Count
            ? image.Layers.Zip(contents)
            : throw new ImageException($"the image {image.Manifest} has {image.Layers.Count} layers, and its configuration tells of {contents.Length}; fetch it again");
    }

    /// <summary>Writes a layer's content.</summary>
    /// <exception cref="ImageException">A blob or its content is not what its digest says, or the limit is exceeded.</exception>
    /// <exception cref="IOException">The content cannot be written.</exception>
    internal void Write(ImageContent image, ImageLayer layer, string content, Stream plain)
    {
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
}
