using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>The volumes of a container that does not run, put to their places in its layer for the time of a copy, as docker does.</summary>
internal static class StoppedVolumes
{
    /// <summary>The container's volume at a destination; null where something else is mounted there, or where the container has no layer of its own.</summary>
    internal static VolumeMount? At(Container container, string destination) => container.Definition.RootfsWritable
        ? null
        : container.Definition.Mounts.FirstOrDefault(mount => mount.Volume is not null && mount.Destination == destination);

    /// <summary>
    /// Mounts the volumes in the calling thread's mount namespace, which is its own. A destination is looked up as the container would, so that a link
    /// which it has put there leads no further than its own root.
    /// </summary>
    /// <param name="container">The container.</param>
    /// <param name="layout">The store.</param>
    /// <param name="root">Where its layer is mounted.</param>
    /// <exception cref="Errors.ContainerException">A volume is gone, or cannot be mounted.</exception>
    internal static void Mount(Container container, StateLayout layout, string root)
    {
        if (container.Definition.RootfsWritable)
            return;
        var volumes = new VolumeStore(layout);
        foreach (VolumeMount mount in container.Definition.Mounts.Where(mount => mount.Volume is not null).OrderBy(mount => mount.Destination.Count(c => c == '/')))
        {
            // Opened anew for each: what lies in an earlier one is seen through its mount.
            using RootFilesystem layer = RootFilesystem.Open(root);
            layer.MakeDirectory(mount.Destination);
            using SafeFileHandle data = volumes.OpenData(mount.Volume!.Name);
            using SafeFileHandle? place = layer.OpenInside(mount.Destination, PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno);
            if (place is null || MountCalls.Mount(EntryCalls.PathOf(data), EntryCalls.PathOf(place), null, MountCalls.MS_BIND, null) != 0)
                throw LifecycleErrors.Of($"container '{container.Name}': its volume {mount.Volume.Name} cannot be mounted at {CopyFailure.Clean(mount.Destination)}: " +
                    $"{Errno.Text(place is null ? errno : Marshal.GetLastPInvokeError())}; copy when it runs");
        }
    }
}
