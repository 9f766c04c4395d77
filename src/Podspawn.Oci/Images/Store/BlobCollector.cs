using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Store;

/// <summary>A blob of the store.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record StoredBlob(string Digest, long Size);

/// <summary>Finds and removes blobs that belong to no image of the store: interrupted fetches and removed images leave them behind.</summary>
internal static class BlobCollector
{
    /// <summary>The digests of all blobs.</summary>
    internal static IEnumerable<string> All(StorePaths paths) =>
        Directory.Exists(paths.BlobDirectory) ? Directory.EnumerateFiles(paths.BlobDirectory).Select(file => Digest.FromHex(Path.GetFileName(file))) : [];

    /// <summary>The blobs that would belong to no image if these images were gone.</summary>
    internal static IReadOnlyList<StoredBlob> Unreferenced(ImageStore store, IReadOnlySet<string> without)
    {
        HashSet<string> referenced = [.. store.All().Where(image => !without.Contains(image.Record.Digest)).SelectMany(image => BlobsOf(image.Record))];
        return [.. All(store.Paths).Where(digest => !referenced.Contains(digest)).Order().Select(digest => new StoredBlob(digest, new FileInfo(store.Paths.Blob(digest)).Length))];
    }

    /// <summary>Removes the blobs among <paramref name="candidates"/> that belong to no image; null for all such blobs.</summary>
    /// <returns>The removed blobs; none while another process fetches, which may be about to use them.</returns>
    internal static IReadOnlyList<StoredBlob> Collect(ImageStore store, IReadOnlyCollection<string>? candidates = null)
    {
        if (!Directory.Exists(store.Paths.BlobDirectory) || FileLock.TryTake(store.Paths.BlobLock, create: true) is not { } alone)
            return [];
        using (alone)
        {
            IReadOnlyList<StoredBlob> blobs = [.. Unreferenced(store, new HashSet<string>()).Where(blob => candidates is null || candidates.Contains(blob.Digest))];
            foreach (StoredBlob blob in blobs)
                File.Delete(store.Paths.Blob(blob.Digest));
            return blobs;
        }
    }

    /// <summary>All blobs of an image.</summary>
    internal static IEnumerable<string> BlobsOf(ImageRecord record) => [record.Digest, record.Config, .. record.Layers.Select(layer => layer.Digest)];
}
