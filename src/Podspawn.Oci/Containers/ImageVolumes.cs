using Podspawn.Oci.Configuration;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Translation;

namespace Podspawn.Oci.Containers;

/// <summary>The volumes that an image declares.</summary>
internal static class ImageVolumes
{
    /// <summary>
    /// Mounts that keep them writable where the root is read-only, as docker's anonymous volumes are: each is its own directory of the
    /// container's layer, with what the image has there, and goes with the container. Where the root is writable they need none.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="root">Its root filesystem.</param>
    /// <param name="request">The launch; what it mounts at a volume's place goes before it.</param>
    /// <param name="config">The config in effect.</param>
    /// <param name="mounted">Where the container's layer will be mounted on the host.</param>
    internal static IReadOnlyList<VolumeMount> Of(ImageProcess image, RootFilesystem root, LaunchRequest request, PodspawnConfig config, string mounted)
    {
        if (!config.Security.ReadonlyRootfs)
            return [];
        HashSet<string> taken = [.. config.Security.Tmpfs.Select(entry => entry.Key), .. request.Volumes.Select(volume => volume.Destination)];
        return [.. image.Volumes.Select(root.ResolveInside).Distinct().Where(path => !taken.Contains(path)).Select(path => new VolumeMount($"{mounted}{path}", path))];
    }
}
