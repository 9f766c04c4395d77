using System.Runtime.InteropServices;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Cleanup;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.State.Store;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching;

/// <summary>
/// The images that a container has mounted beside the one that it runs from: each at a path of ours, in the calling thread's mount namespace, for the
/// runtime to mount from there. One that may be written to lies below a layer of the container's own, which goes with it.
/// </summary>
internal static class ImageMounting
{
    private const ulong Inert = MountCalls.MS_REMOUNT | MountCalls.MS_BIND | MountCalls.MS_NOSUID | MountCalls.MS_NODEV;

    /// <summary>Whether a container may write to an image that it has mounted, and so has layers for that.</summary>
    internal static bool Writes(ContainerDefinition definition) => Of(definition).Any(mount => !mount.ReadOnly);

    /// <summary>Mounts them; earlier mounts are replaced.</summary>
    /// <param name="definition">What the container was created from.</param>
    /// <param name="paths">Its paths; the directory of its layers exists where it writes to an image.</param>
    /// <param name="onNote">Receives a note where another driver replaced the overlay.</param>
    /// <exception cref="RootFilesystemException">An image is gone, or cannot be mounted.</exception>
    internal static void Mount(ContainerDefinition definition, ContainerPaths paths, Action<IReadOnlyList<Note>> onNote)
    {
        if (!Of(definition).Any())
            return;
        Unmount(paths);
        using FileMask mask = FileMask.HoldUsual();
        foreach (VolumeMount mount in Of(definition))
        {
            ContainerStore.MakePrivate(paths.Images, mount.Source);
            using RootFilesystem image = RootFilesystem.Open(mount.Image!.RootDirectory);
            // The path was free of links when the container was created: a link on the way now was put there by someone else.
            if (image.Path != mount.Image.RootDirectory)
                throw new RootFilesystemException(mount.Image.RootDirectory, $"leads to {image.Path} by now", "put the image store back in its place");
            if (mount.ReadOnly)
                Require(MountCalls.Mount(EntryCalls.PathOf(image.Directory), mount.Source, null, MountCalls.MS_BIND, null), image);
            else
                MountLayer(image, mount, definition, paths, onNote);
            // Before any runtime sees it: what a runtime makes on its way to the place of another mount must not be made in the store.
            Require(MountCalls.Mount(null, mount.Source, null, mount.ReadOnly ? Inert | MountCalls.MS_RDONLY : Inert, null), image);
        }
        Faults.Point("images.mounted");
    }

    /// <summary>Unmounts what is in the calling thread's mount namespace, and removes the mount points.</summary>
    internal static void Unmount(ContainerPaths paths)
    {
        if (!Directory.Exists(paths.Images))
            return;
        foreach (string place in Directory.GetDirectories(paths.Images))
            _ = MountCalls.Umount(place, MountCalls.MNT_DETACH);
        TreeRemoval.Remove(paths.Images);
    }

    /// <summary>Whether a process serves one of its layers.</summary>
    internal static bool HasServer(ContainerDefinition definition, ContainerPaths paths) =>
        Of(definition).Any(mount => !mount.ReadOnly && DriverOf(LayerOf(mount, paths)) == StorageDriver.FuseOverlayfs);

    private static IEnumerable<VolumeMount> Of(ContainerDefinition definition) => definition.Mounts.Where(mount => mount.Image is not null);

    private static string LayerOf(VolumeMount mount, ContainerPaths paths) => $"{paths.ImageLayers}/{Path.GetFileName(mount.Source)}";

    private static string DriverFile(string layer) => $"{layer}/driver";

    // Written once the layer is mounted: without the file nobody has written to the layer yet, and it is made anew.
    private static StorageDriver? DriverOf(string layer)
    {
        string file = DriverFile(layer);
        return File.Exists(file) && Array.IndexOf(RecordWords.StorageDrivers, File.ReadAllText(file)) is >= 0 and var driver ? (StorageDriver)driver : null;
    }

    private static void MountLayer(RootFilesystem image, VolumeMount mount, ContainerDefinition definition, ContainerPaths paths, Action<IReadOnlyList<Note>> onNote)
    {
        string layer = LayerOf(mount, paths);
        ContainerStore.MakePrivate(paths.ImageLayers, layer);
        StorageDriver? before = DriverOf(layer);
        (StorageDriver used, string? why) = ScratchLayer.Mount(
            image, layer, mount.Source, definition.StorageDriver, ContainerCleanup.EnvironmentOf(paths), before);
        if (why is not null)
            onNote([RootMount.NoteOn("mount", used, why)]);
        if (before is null)
            PendingFile.Write(DriverFile(layer), System.Text.Encoding.UTF8.GetBytes(RecordWords.StorageDrivers[(int)used]));
    }

    private static void Require(int result, RootFilesystem image)
    {
        if (result != 0)
            throw new RootFilesystemException(image.Path, $"cannot be mounted: {Errno.Text(Marshal.GetLastPInvokeError())}", "run podspawn-oci as root with CAP_SYS_ADMIN");
    }
}
