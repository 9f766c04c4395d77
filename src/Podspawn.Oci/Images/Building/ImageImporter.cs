using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Building;

/// <summary>Imports archives of root filesystems into a store, as images.</summary>
/// <param name="store">The store.</param>
/// <param name="options">The limits.</param>
/// <param name="watcher">Receives the progress.</param>
/// <param name="signals">The source of a signal that ends the import; null for none.</param>
public sealed class ImageImporter(ImageStore store, FetchOptions options, IFetchWatcher watcher, ISignalSource? signals)
{
    /// <summary>Creates an image from an archive, and unpacks it.</summary>
    /// <param name="file">The archive, uncompressed or compressed with gzip, bzip2, xz or zstd; <c>-</c> for the standard input.</param>
    /// <param name="changes">How the image asks to be run.</param>
    /// <param name="name">The image's name; null for none.</param>
    /// <exception cref="ImageException">The import failed; nothing is left.</exception>
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

    // By rename within one filesystem: a blob is complete in the store, or not there.
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
