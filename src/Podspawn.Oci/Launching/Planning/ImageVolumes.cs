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
    /// The paths of the image's volumes, links followed inside its root: each is a directory of the container's layer, holds what the image has there,
    /// and is made where the image has nothing. They are removed with the container, like docker's anonymous volumes with <c>--rm</c>.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="root">Its root filesystem.</param>
    /// <param name="request">The launch; a mount of its own at a volume's path takes precedence.</param>
    /// <param name="config">The config in effect.</param>
    /// <exception cref="RootFilesystemException">A path goes through a link that leads to the kernel's own files, or in a circle.</exception>
    internal static IReadOnlyList<string> PathsOf(ImageProcess image, RootFilesystem root, LaunchRequest request, PodspawnConfig config)
    {
        HashSet<string> taken = [.. config.Security.Tmpfs.Select(entry => entry.Key), .. request.Volumes.Select(volume => volume.Destination)];
        return [.. image.Volumes.Select(path => MountPoint.Of(root, path)).Distinct().Where(path => !taken.Contains(path))];
    }

    /// <summary>
    /// The mounts that leave those directories writable where the root is read-only; where it is writable, none are needed.
    /// </summary>
    /// <param name="paths">The paths of the image's volumes.</param>
    /// <param name="config">The config in effect.</param>
    /// <param name="mounted">Where the container's layer will be mounted on the host.</param>
    internal static IReadOnlyList<VolumeMount> MountsOf(IReadOnlyList<string> paths, PodspawnConfig config, string mounted) =>
        config.Security.ReadonlyRootfs ? [.. paths.Select(path => new VolumeMount($"{mounted}{path}", path))] : [];

    /// <summary>The directories that are made for the volumes: what the kernel puts at a path hides what would be made there.</summary>
    internal static IEnumerable<string> DirectoriesOf(IReadOnlyList<string> paths, RootFilesystem root, PodspawnConfig config) =>
        config.Security.ReadonlyRootfs ? paths : paths.Where(path => ContainerPath.CheckMountPoint(path) is null && !root.Has(path));

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
