using Podspawn.Oci.Native;

namespace Podspawn.Oci.State.Cleanup;

/// <summary>A layer, or a directory of layers, that belongs to no container.</summary>
/// <param name="Path">Its directory.</param>
/// <param name="Why">Why it is removed.</param>
internal sealed record OrphanLayer(string Path, string Why)
{
    /// <summary>Whether it may be removed only while it is empty: its owner creates it again.</summary>
    internal bool OnlyIfEmpty { get; init; }

    /// <summary>Removes the directory.</summary>
    internal void Remove()
    {
        if (OnlyIfEmpty)
            _ = PathCalls.Rmdir(Path);
        else
            TreeRemoval.Remove(Path);
    }
}

/// <summary>Finds layers without a container: those of this store, and those of stores from an earlier boot. All others are left alone.</summary>
internal static class OrphanLayers
{
    /// <summary>The layers that can be removed.</summary>
    internal static IEnumerable<OrphanLayer> Find(StateLayout layout)
    {
        if (FileKind.HasNoSubdirectories(layout.AllScratches))
            yield break;
        string? own = layout.Identity?.LayersName;
        foreach (string directory in Directory.GetDirectories(layout.AllScratches))
        {
            string name = Path.GetFileName(directory);
            if (name != own)
            {
                if (StoreIdentity.IsDead(name))
                    yield return new OrphanLayer(directory, "its store ended with an earlier boot");
                else if (StoreIdentity.Named(name) && !Directory.EnumerateFileSystemEntries(directory).Any())
                    yield return new OrphanLayer(directory, "it is empty") { OnlyIfEmpty = true };
                continue;
            }
            if (FileKind.HasNoSubdirectories(directory))
                continue;
            // A container's directory is created before its layer and removed after it: a layer without the directory is an orphan.
            foreach (string layer in Directory.GetDirectories(directory))
            {
                if (!Directory.Exists(layout.Of(Path.GetFileName(layer)).Directory))
                    yield return new OrphanLayer(layer, "it has no container");
            }
        }
    }

    /// <summary>The layers that are left alone, since nothing here tells whether they are in use.</summary>
    internal static IEnumerable<OrphanLayer> LeftAlone(StateLayout layout)
    {
        string? own = layout.Identity?.LayersName;
        return (Directory.Exists(layout.AllScratches) ? Directory.GetDirectories(layout.AllScratches) : [])
            .Where(directory => Path.GetFileName(directory) is var name && name != own && !StoreIdentity.IsDead(name) && Directory.EnumerateFileSystemEntries(directory).Any())
            .Select(directory => new OrphanLayer(directory, StoreIdentity.Named(Path.GetFileName(directory))
                ? "it belongs to another store, whose containers may live; remove it by hand where that one is gone for good"
                : "it is not named as the layers of a store are; remove it by hand where nothing uses it"));
    }
}
