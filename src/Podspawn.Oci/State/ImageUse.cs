using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.State;

/// <summary>Knows which container runs from which image. One that is being made has no record yet: its maker holds the image by a lease.</summary>
public static class ImageUse
{
    /// <summary>
    /// Writes down beside the image that a container runs from it: who removes images may have another state directory. Not in a store of another user's, where a path
    /// may lead anywhere.
    /// </summary>
    internal static void Declare(StateLayout layout, ContainerDefinition definition)
    {
        if (UsersOf(definition) is not { } users || layout.Identity is not { } store)
            return;
        PrivateDirectory.Make(users);
        File.WriteAllBytes($"{users}/{store.LayersName}.{definition.Id}", []);
    }

    /// <summary>Takes that back.</summary>
    internal static void Withdraw(StateLayout layout, ContainerDefinition definition)
    {
        if (UsersOf(definition) is { } users && Directory.Exists(users) && layout.Identity is { } store)
            File.Delete($"{users}/{store.LayersName}.{definition.Id}");
    }

    /// <summary>A container of another state directory that an image is kept for; null where none can live.</summary>
    public static string? Elsewhere(ImageStore images, string digest, StateLayout layout)
    {
        string users = images.Paths.Unpacked(digest).Users;
        foreach (string path in Directory.Exists(users) ? Directory.GetFiles(users) : [])
        {
            // Our own are told by the state directory, and those of a boot that is over have ended.
            if (Path.GetFileName(path).Split('.', 2) is [var store, var id] && store != layout.Identity?.LayersName && !StoreIdentity.IsDead(store))
                return $"{id} of another state directory (see {path}, and remove that where it is gone for good)";
        }
        return null;
    }

    private static string? UsersOf(ContainerDefinition definition) =>
        definition.ImageDigest is not null && Path.GetDirectoryName(definition.RootDirectory) is { } image && FileKind.FactsOf(image)?.Uid == ProcessCalls.EffectiveUser()
            ? new UnpackedPaths(image).Users
            : null;

    /// <summary>The containers that run from images: digest to ids.</summary>
    public static ILookup<string, string> All(StateLayout layout) =>
        (Directory.Exists(layout.Containers) ? Directory.GetDirectories(layout.Containers) : [])
            .Select(directory => (Id: Path.GetFileName(directory), Digest: RecordJson.ReadImageDigest(layout.Of(Path.GetFileName(directory)).Definition)))
            .Where(container => container.Digest is not null)
            .ToLookup(container => container.Digest!, container => container.Id);
}
