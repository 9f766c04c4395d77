using System.Formats.Tar;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Saving;

/// <summary>Writes images as an OCI image layout, in an archive or a directory: their blobs as they are, each held against its digest.</summary>
internal static class OciArchive
{
    /// <summary>Writes an archive.</summary>
    /// <exception cref="ImageException">A blob is not what its digest says.</exception>
    /// <exception cref="IOException">The archive cannot be written.</exception>
    internal static void Write(Stream output, IReadOnlyList<ImageContent> images, CancellationToken cancel)
    {
        using var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);
        tar.WriteEntry(DockerArchive.EntryOf("oci-layout", new MemoryStream(StoredLayout.Version.ToArray())));
        foreach ((ImageContent image, string digest) in Blobs(images))
        {
            using CheckedBlob blob = image.Open(digest, cancel);
            tar.WriteEntry(DockerArchive.EntryOf($"blobs/sha256/{Digest.Hex(digest)}", blob));
            blob.RequireWhole();
        }
        tar.WriteEntry(DockerArchive.EntryOf("index.json", new MemoryStream(IndexOf(images))));
    }

    /// <summary>Writes a directory, which exists and is empty. The index comes last: without it, it is no layout.</summary>
    /// <inheritdoc cref="Write" path="/exception"/>
    internal static void WriteDirectory(string directory, IReadOnlyList<ImageContent> images, CancellationToken cancel)
    {
        Directory.CreateDirectory($"{directory}/blobs/sha256");
        foreach ((ImageContent image, string digest) in Blobs(images))
        {
            using CheckedBlob blob = image.Open(digest, cancel);
            using (FileStream file = File.Create($"{directory}/blobs/sha256/{Digest.Hex(digest)}"))
                blob.CopyTo(file, 1 << 17);
            blob.RequireWhole();
        }
        File.WriteAllBytes($"{directory}/oci-layout", StoredLayout.Version);
        FileSystemCalls.SyncAll(directory);
        File.WriteAllBytes($"{directory}/index.json", IndexOf(images));
    }

    private static IEnumerable<(ImageContent Image, string Digest)> Blobs(IReadOnlyList<ImageContent> images) =>
        images.SelectMany(image => image.All.Select(digest => (image, digest))).DistinctBy(blob => blob.digest);

    private static byte[] IndexOf(IReadOnlyList<ImageContent> images) =>
        StoredLayout.Index(images.Select(image => (image.Manifest, new FileInfo($"{image.Blobs}/{Digest.Hex(image.Manifest)}").Length, image.Names)));
}
