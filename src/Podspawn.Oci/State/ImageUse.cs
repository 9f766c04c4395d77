using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.State;

/// <summary>
/// Tells which container runs from which image, or has which mounted. A container that is being created has no record yet: its creator holds the image by a lease.
/// </summary>
public static class ImageUse
{
    /// <summary>
    /// Records beside an image that a container runs from it, or has it mounted: the process that removes images may use another state directory. Not in another user's
    /// store, where a path may lead anywhere.
    /// </summary>
    internal static void Declare(StateLayout layout, ContainerDefinition definition)
    {
        if (layout.Identity is not { } store)
            return;
        foreach (string users in UsersOf(definition))
        {
            PrivateDirectory.Make(users);
            File.WriteAllBytes($"{users}/{store.LayersName}.{definition.Id}", []);
        }
    }

    /// <summary>Removes that record.</summary>
    internal static void Withdraw(StateLayout layout, ContainerDefinition definition)
    {
        if (layout.Identity is not { } store)
            return;
        foreach (string users in UsersOf(definition).Where(Directory.Exists))
            File.Delete($"{users}/{store.LayersName}.{definition.Id}");
    }

    /// <summary>A container of another state directory that uses an image; null where none can be alive.</summary>
    public static string? Elsewhere(ImageStore images, string digest, StateLayout layout)
    {
        string users = images.Paths.Unpacked(digest).Users;
        foreach (string path in Directory.Exists(users) ? Directory.GetFiles(users) : [])
        {
            // Containers of our own are found by the state directory, and those of an earlier boot have ended.
            if (Path.GetFileName(path).Split('.', 2) is [var store, var id] && store != layout.Identity?.LayersName && !StoreIdentity.IsDead(store))
                return $"{id} of another state directory (see {path}, and remove that where it is gone for good)";
        }
        return null;
    }

    private static IEnumerable<string> UsersOf(ContainerDefinition definition) =>
        definition.ImageRoots.Distinct().Select(Path.GetDirectoryName).OfType<string>()
            .Where(image => FileKind.FactsOf(image)?.Uid == ProcessCalls.EffectiveUser())
            .Select(image => new UnpackedPaths(image).Users);

    /// <summary>The containers that run from, or have mounted, images of a store, as pairs of digest and container id. Another store may have the same image.</summary>
    public static ILookup<string, string> Of(ImageStore images, StateLayout layout) =>
        (Directory.Exists(layout.Containers) ? Directory.GetDirectories(layout.Containers) : [])
            .Select(directory => Path.GetFileName(directory))
            .SelectMany(id => RecordJson.ReadImageUses(layout.Of(id).Definition).Where(use => IsFrom(images, use)).Select(use => (use.Digest, Id: id))).Distinct()
            .ToLookup(use => use.Digest, use => use.Id);

    // A container whose record does not tell where its root is, or an image that is not to be seen, is taken for this store's.
    private static bool IsFrom(ImageStore images, RecordedImage use) =>
        use.RootDirectory is not { } root || images.Paths.RootOf(use.Digest) is not { } own || root == own;
}
