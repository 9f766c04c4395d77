using Podspawn.Oci.Native;

namespace Podspawn.Oci.Containers;

/// <summary>Remembers which container runs from which image.</summary>
public static class ImageUse
{
    /// <summary>Writes down the image that a container runs from; nothing for one that runs from no image.</summary>
    internal static void Write(ContainerPaths paths, string? digest)
    {
        if (digest is not null)
            File.WriteAllText(paths.Image, digest);
    }

    /// <summary>The containers that run from images: digest to ids.</summary>
    public static ILookup<string, string> All(StateLayout layout) =>
        (Directory.Exists(layout.Containers) ? Directory.GetDirectories(layout.Containers) : [])
            .Select(directory => (Id: Path.GetFileName(directory), Digest: SmallFile.Read(layout.Of(Path.GetFileName(directory)).Image)))
            .Where(container => container.Digest is not null)
            .ToLookup(container => container.Digest!, container => container.Id);
}
