using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Spec;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>The volumes that an image declares.</summary>
internal static class ImageVolumes
{
    /// <summary>
    /// Mounts that leave the image's volumes writable where the root is read-only, like docker's anonymous volumes: each is its own directory of the
    /// container's layer, holds what the image has there, and is removed with the container. Where the root is writable no mounts are needed.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="root">Its root filesystem.</param>
    /// <param name="request">The launch; a mount of its own at a volume's path takes precedence.</param>
    /// <param name="config">The config in effect.</param>
    /// <param name="mounted">Where the container's layer will be mounted on the host.</param>
    internal static IReadOnlyList<VolumeMount> Of(ImageProcess image, RootFilesystem root, LaunchRequest request, PodspawnConfig config, string mounted)
    {
        if (!config.Security.ReadonlyRootfs)
            return [];
        HashSet<string> taken = [.. config.Security.Tmpfs.Select(entry => entry.Key), .. request.Volumes.Select(volume => volume.Destination)];
        return [.. image.Volumes.Select(root.ResolveInside).Distinct().Where(path => !taken.Contains(path)).Select(path => new VolumeMount($"{mounted}{path}", path))];
    }

    /// <summary>
    /// Checks what a container's volumes are mounted from, before the container is started again. In a volume that contains the place of another, the
    /// container may have put a link there since, which the runtime would follow on the host.
    /// </summary>
    /// <param name="layer">The container's layer, mounted.</param>
    /// <param name="mounted">The path where the layer is mounted.</param>
    /// <param name="mounts">What the runtime is going to mount.</param>
    /// <exception cref="ContainerException">A source is something other than a directory of the layer.</exception>
    internal static void Require(RootFilesystem layer, string mounted, IEnumerable<Mount> mounts)
    {
        foreach (Mount mount in mounts.Where(mount => mount.Source?.StartsWith($"{mounted}/", StringComparison.Ordinal) == true))
        {
            using SafeFileHandle? directory = PathCalls.OpenBelow(
                layer.Directory, mount.Source![(mounted.Length + 1)..], PathCalls.O_PATH | PathCalls.O_DIRECTORY, PathCalls.Resolve.Beneath | PathCalls.Resolve.NoSymlinks, out _);
            if (directory is null)
                throw new ContainerException($"the image's volume {Printable.Clean(mount.Destination)}: the container has removed its directory, or put a link in its way; " +
                    $"remove the container, and run the image anew");
        }
    }
}
