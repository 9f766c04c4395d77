using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>
/// The volumes of a container, and the directories of the host that are mounted in it, put to their places in its layer for the time of a copy, as docker and podman
/// do: for one that does not run, or that has its mounts in a sandbox.
/// </summary>
internal static class StoppedVolumes
{
    private const ulong ReadOnly = MountCalls.MS_REMOUNT | MountCalls.MS_BIND | MountCalls.MS_RDONLY;

    /// <summary>The mount of the container's user at a destination; null where something else is mounted there, or where the container has no layer of its own.</summary>
    internal static VolumeMount? At(Container container, string destination) => container.Definition.RootfsWritable
        ? null
        : container.Definition.Mounts.FirstOrDefault(mount => IsPut(mount) && mount.Destination == destination);

    /// <summary>
    /// Mounts them in the calling thread's mount namespace, which is its own. A destination is looked up as the container would, so that a link
    /// which it has put there leads no further than its own root; and what the container may not write to, nobody writes to by such a link.
    /// </summary>
    /// <param name="container">The container.</param>
    /// <param name="layout">The store.</param>
    /// <param name="root">Where its layer is mounted.</param>
    /// <param name="readOnlyRoot">Whether the container may not write to its layer.</param>
    /// <exception cref="ContainerException">A volume is gone, or cannot be mounted.</exception>
    internal static void Mount(Container container, StateLayout layout, string root, bool readOnlyRoot)
    {
        if (container.Definition.RootfsWritable)
            return;
        var volumes = new VolumeStore(layout);
        foreach (VolumeMount mount in container.Definition.Mounts.Where(IsPut).OrderBy(mount => mount.Destination.Count(c => c == '/')))
        {
            // Opened anew for each: what lies in an earlier one is seen through its mount.
            using RootFilesystem layer = RootFilesystem.Open(root);
            layer.MakeDirectory(mount.Destination);
            using SafeFileHandle? source = mount.Volume is { } volume ? volumes.OpenData(volume.Name) : OpenSource(mount.Source);
            Put(container, mount, source, layer);
        }
        if (readOnlyRoot && MountCalls.Mount(null, root, null, ReadOnly, null) != 0)
            throw Failed(container, "its root", "/", Marshal.GetLastPInvokeError());
    }

    private static void Put(Container container, VolumeMount mount, SafeFileHandle? source, RootFilesystem layer)
    {
        string what = mount.Volume is { } volume ? $"its volume {volume.Name}" : CopyFailure.Clean(mount.Source);
        using SafeFileHandle? place = layer.OpenInside(mount.Destination, PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno);
        if (source is null || place is null)
            throw Failed(container, what, mount.Destination, source is null ? Errno.ENOENT : errno);
        if (MountCalls.Mount(EntryCalls.PathOf(source), EntryCalls.PathOf(place), null, MountCalls.MS_BIND, null) != 0)
            throw Failed(container, what, mount.Destination, Marshal.GetLastPInvokeError());
        if (!mount.ReadOnly)
            return;
        // The place itself lies below the mount by now.
        using SafeFileHandle? mounted = layer.OpenInside(mount.Destination, PathCalls.O_PATH | PathCalls.O_DIRECTORY, out errno);
        if (mounted is null || MountCalls.Mount(null, EntryCalls.PathOf(mounted), null, ReadOnly, null) != 0)
            throw Failed(container, what, mount.Destination, mounted is null ? errno : Marshal.GetLastPInvokeError());
    }

    // A file of the host has no place in the layer before the runtime makes one. A path with a link in it may have got that from a container since.
    // An image is mounted only for a run: what it brings is not the container's.
    private static bool IsPut(VolumeMount mount)
    {
        if (mount.Image is not null)
            return false;
        using SafeFileHandle? source = mount.Volume is not null || mount.IsFile ? null : OpenSource(mount.Source);
        return mount.Volume is not null || source is not null;
    }

    private static SafeFileHandle? OpenSource(string source)
    {
        using SafeFileHandle? root = PathCalls.Open("/", PathCalls.O_PATH | PathCalls.O_DIRECTORY, out _);
        return root is null || source == "/" ? null : PathCalls.OpenBelow(
            root, source.TrimStart('/'), PathCalls.O_PATH | PathCalls.O_DIRECTORY, PathCalls.Resolve.Beneath | PathCalls.Resolve.NoSymlinks, out _);
    }

    private static ContainerException Failed(Container container, string what, string destination, int errno) => LifecycleErrors.Of(
        $"container '{container.Name}': {what} cannot be mounted at {CopyFailure.Clean(destination)}: {Errno.Text(errno)}; copy when it runs, or on the host");
}
