using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Building;

/// <summary>Brings root filesystems that are archives into a store, as images.</summary>
/// <param name="store">The store.</param>
/// <param name="options">The limits.</param>
/// <param name="watcher">Hears how it goes on.</param>
/// <param name="signals">Where a signal comes from that ends it; null for nowhere.</param>
public sealed class ImageImporter(ImageStore store, FetchOptions options, IFetchWatcher watcher, ISignalSource? signals)
{
    /// <summary>Makes an image of an archive, and unpacks it.</summary>
    /// <param name="file">The archive, as it is or compressed with gzip, bzip2, xz or zstd; <c>-</c> for the standard input.</param>
    /// <param name="changes">How the image wants to be run.</param>
    /// <param name="name">What it is to be called; null for nothing.</param>
    /// <exception cref="ImageException">That did not work; nothing is left.</exception>
    public ImageRecord Import(string file, ImageChanges changes, ImageName? name)
    {
        string shown = ArchiveSource.NameOf(file);
        return new ImageFetcher(store, options, watcher, signals).Store(shown, name, (staging, cancel) =>
        {
            string layout = ImageFetcher.LayoutOf(staging);
            watcher.Begin(shown, FetchStage.Importing, ArchiveSource.LengthOf(file));
            ArchiveImport.ToLayout(file, layout, Skopeo.Tag, changes, new ImportLimits(options.MaxSize, staging.Environment, watcher.Advance, cancel));
            return HandOver(layout, store.Paths);
        });
    }

    // By rename within one filesystem: a blob is whole in the store, or not there.
    private static string[] HandOver(string layout, StorePaths paths)
    {
        string blobs = $"{layout}/blobs";
        string[] digests = [.. Directory.GetFiles($"{blobs}/sha256").Select(blob => Digest.FromHex(Path.GetFileName(blob)))];
        foreach (string digest in digests)
            File.Move($"{blobs}/sha256/{Digest.Hex(digest)}", paths.Blob(digest), overwrite: true);
        Directory.Delete(blobs, recursive: true);
        File.CreateSymbolicLink(blobs, paths.Blobs);
        return digests;
    }
}
