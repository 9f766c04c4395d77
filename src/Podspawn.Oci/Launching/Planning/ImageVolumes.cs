using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Configuration;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>The volumes that an image declares.</summary>
internal static class ImageVolumes
{
    /// <summary>
    /// The paths of the image's volumes, links followed inside its root. A mount of the user's takes a path's place. Where the image has something
    /// other than a directory, and where the kernel or the runtime has its own, there is none; with a read-only root, where its program could not write
    /// then, that is an error.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="root">Its root filesystem.</param>
    /// <param name="request">The launch.</param>
    /// <param name="config">The config in effect.</param>
    /// <exception cref="RootFilesystemException">A path goes through a link that leads to the kernel's own files, or in a circle.</exception>
    /// <exception cref="ContainerException">The root is read-only, and nothing can be mounted at a path.</exception>
    internal static IReadOnlyList<string> PathsOf(ImageProcess image, RootFilesystem root, LaunchRequest request, PodspawnConfig config)
    {
        if (image.Volumes.Count == 0)
            return [];
        HashSet<string> taken = [.. config.Security.Tmpfs.Select(entry => entry.Key), .. request.Volumes.Select(volume => volume.Destination)];
        return [.. image.Volumes.Select(path => MountPoint.Of(root, path)).Distinct().Where(path => !taken.Contains(path) && CanBeMounted(root, path, config))];
    }

    /// <summary>
    /// Adds them to a launch: each becomes a volume without a name, as under docker and podman, filled with what the image has there. It goes with a
    /// container in the foreground; of others it stays unless it is removed with them.
    /// </summary>
    /// <param name="request">The launch.</param>
    /// <param name="paths">Their paths.</param>
    /// <param name="root">The image's root filesystem.</param>
    /// <param name="layout">Where volumes are kept.</param>
    internal static LaunchRequest Add(LaunchRequest request, IReadOnlyList<string> paths, RootFilesystem root, StateLayout layout) => paths.Count == 0
        ? request
        : request with { Volumes = [.. paths.Select(path => MountRequests.Anonymous(path, root, layout)), .. request.Volumes] };

    /// <summary>Adds them to a config as tmpfs mounts, which have nothing of what the image has there.</summary>
    internal static PodspawnConfig AddTmpfs(PodspawnConfig config, IReadOnlyList<string> paths) => paths.Count == 0
        ? config
        : config with { Security = config.Security with { Tmpfs = [.. config.Security.Tmpfs, .. paths.Select(path => new KeyValuePair<string, string>(path, Options))] } };

    // Programs may be there, as in a volume.
    private const string Options = "rw,exec,nosuid,nodev";

    /// <summary>
    /// Checks what the volumes of a container are mounted from that an earlier version has made, before it is started again: directories of its own
    /// layer, where it may have put a link since, which the runtime would follow on the host.
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

    private static bool CanBeMounted(RootFilesystem root, string path, PodspawnConfig config)
    {
        if (WhyNot(root, path) is not { } why)
            return true;
        return config.Security.ReadonlyRootfs
            ? throw new ContainerException(Printable.Line($"the image's volume {path}: {why}; launch with a writable root, or with {Setting.ImageVolume} ignore"))
            : false;
    }

    private static string? WhyNot(RootFilesystem root, string path)
    {
        if (ContainerPath.CheckMountPoint(path) is { } refused)
            return refused.What;
        if (ContainerPath.IsAtOrBelow(path, "/dev"))
            return $"nothing may be mounted at '{path}': it is the devices' place";
        using SafeFileHandle? there = root.OpenInside(path, PathCalls.O_PATH, out int errno);
        bool fits = there is null ? errno == Errno.ENOENT : FileKind.Of(there) == FileKind.Directory;
        return fits ? null : $"{path}: cannot be a directory";
    }
}
