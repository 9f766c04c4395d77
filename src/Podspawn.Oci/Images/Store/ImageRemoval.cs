using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Store;

/// <summary>The result of a removal.</summary>
/// <param name="Untagged">Names that were removed.</param>
/// <param name="Deleted">The digest of the removed image; null where only a name was removed.</param>
public sealed record Removed(IReadOnlyList<string> Untagged, string? Deleted);

/// <summary>The result of a prune.</summary>
/// <param name="Images">The removed images.</param>
/// <param name="Blobs">The removed blobs, which belong to no other image.</param>
/// <param name="Reclaimed">The size of both in bytes.</param>
/// <param name="DryRun">Whether nothing was actually removed.</param>
public sealed record Pruned(IReadOnlyList<PrunedImage> Images, IReadOnlyList<StoredBlob> Blobs, long Reclaimed, bool DryRun);

/// <summary>An image that a prune removed.</summary>
public sealed record PrunedImage(string Digest, IReadOnlyList<string> Names, long Size);

/// <summary>Removes images from a store; never one that a container runs from.</summary>
public sealed class ImageRemoval(ImageStore store)
{
    private readonly StorePaths paths = store.Paths;

    /// <summary>Removes a name, and the image with its last name.</summary>
    /// <param name="source">A name, or a digest.</param>
    /// <param name="force">Whether a digest may remove several names.</param>
    /// <param name="keeper">Returns a container that uses an image; null for none.</param>
    /// <exception cref="NoSuchImageException">There is no such image.</exception>
    /// <exception cref="ImageException">It is in use.</exception>
    public Removed Remove(ImageSource source, bool force, Func<string, string?> keeper)
    {
        (ImageRecord record, string? named) = store.Resolve(source) ?? throw new NoSuchImageException(source.Text);
        IReadOnlyList<string> names = NamesOf(record);
        if (named is not null && names.Count > 1)
        {
            Forget(named);
            return new Removed([named], null);
        }
        if (names.Count > 1 && !force)
            throw new ImageException($"{source.Text}: has {names.Count} names ({string.Join(", ", names)}); remove them by name, or all with {Setting.Force}");
        return Delete(record, source.Text, names, keeper);
    }

    /// <summary>Removes an image with all its names.</summary>
    /// <exception cref="ImageException">It is in use.</exception>
    public Removed RemoveWhole(StoredImage image, Func<string, string?> keeper) => Delete(image.Record, image.Record.Digest, image.Names, keeper);

    /// <summary>Removes images without a name, or all that no container uses, and the blobs that belong to no image.</summary>
    /// <param name="all">Whether images with a name are removed as well.</param>
    /// <param name="dryRun">Whether to report only.</param>
    /// <param name="keeper">Returns a container that uses an image; null for none.</param>
    /// <param name="wanted">Whether an image may go at all; null for every one.</param>
    public Pruned Prune(bool all, bool dryRun, Func<string, string?> keeper, Func<StoredImage, bool>? wanted = null)
    {
        var gone = new List<PrunedImage>();
        foreach (StoredImage image in store.All().Where(image => (all || image.Names.Count == 0) && wanted?.Invoke(image) != false && keeper(image.Record.Digest) is null))
        {
            if (dryRun ? !IsHeld(image.Record) : TryDelete(image.Record))
                gone.Add(new PrunedImage(image.Record.Digest, image.Names, image.Record.Size));
        }
        IReadOnlyList<StoredBlob> blobs = dryRun
            ? BlobCollector.Unreferenced(store, gone.Select(image => image.Digest).ToHashSet())
            : BlobCollector.Collect(store);
        return new Pruned(gone, blobs, gone.Sum(image => image.Size) + blobs.Sum(blob => blob.Size), dryRun);
    }

    private Removed Delete(ImageRecord record, string shown, IReadOnlyList<string> names, Func<string, string?> keeper)
    {
        if (keeper(record.Digest) is { } container)
            throw new ImageException($"{shown}: is used by the container {container}; remove that first");
        if (ImageMounts.Is(paths.Unpacked(record.Digest)))
            throw new ImageException($"{shown}: is mounted at {paths.Unpacked(record.Digest).Mount}; unmount it first");
        if (!TryDelete(record))
            throw new ImageException($"{shown}: is used by a container that is being launched; wait for it");
        BlobCollector.Collect(store, [.. BlobCollector.BlobsOf(record)]);
        return new Removed(names, record.Digest);
    }

    private IReadOnlyList<string> NamesOf(ImageRecord record) => [.. store.Names.All().Where(name => name.Digest == record.Digest).Select(name => name.Name)];

    private void Forget(string name)
    {
        using FileLock held = FileLock.Take(paths.Lock);
        store.Names.Remove(name);
    }

    private bool IsHeld(ImageRecord record)
    {
        using FileLock? free = FileLock.TryTake(paths.Unpacked(record.Digest).Lock);
        return free is null || ImageMounts.Is(paths.Unpacked(record.Digest));
    }

    // The image disappears by one rename; the slow removal of its files then affects no other process.
    private bool TryDelete(ImageRecord record)
    {
        store.Prepare();
        using Staging staging = Staging.Begin(paths);
        UnpackedPaths unpacked = paths.Unpacked(record.Digest);
        using (FileLock held = FileLock.Take(paths.Lock))
        {
            using FileLock? alone = FileLock.TryTake(unpacked.Lock);
            // What is mounted would be in the way of its removal.
            if (alone is null || ImageMounts.Is(unpacked))
                return false;
            foreach (string name in NamesOf(record))
                store.Names.Remove(name);
            Directory.Move(unpacked.Directory, $"{staging.Directory}/removed");
        }
        return true;
    }
}
