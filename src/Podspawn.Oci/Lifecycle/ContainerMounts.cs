using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Lifecycle;

/// <summary>
/// Mounts the root filesystems of containers for people who look at them and change them: where only root may enter, and without set-user-id programs,
/// devices and programs that could be run, since a container is a stranger. It is the one mount that the container itself has or is going to have: two
/// overlays over one layer would not know of each other. It goes with the container, and with the next boot.
/// </summary>
public sealed class ContainerMounts(ContainerRegistry registry)
{
    /// <summary>Mounts a container's root filesystem, whether it runs or not; one that is mounted already stays so.</summary>
    /// <returns>Where.</returns>
    /// <exception cref="ContainerException">The container runs in the foreground, is gone, or cannot be mounted.</exception>
    public string Mount(Container container)
    {
        using LockedContainer held = registry.RequireSettled(container);
        string place = held.Paths.Mount;
        if (Is(held.Paths))
            return place;
        using SafeFileHandle tree = TreeOf(held);
        // Its server works for the runs of the container, and ends with each.
        if (held.State.Layer == StorageDriver.FuseOverlayfs)
            throw LifecycleErrors.Of($"container '{container.Name}': fuse-overlayfs serves its files for the time of a run only; reach them by cp or export, or run one " +
                $"with {Setting.StorageDriver} overlay");
        PrivateDirectory.Make(place);
        if (TreeClone.Attach(tree, place) is not 0 and var errno)
        {
            _ = PathCalls.Rmdir(place);
            throw Failed(container, errno);
        }
        Faults.Point("mount.attached");
        return place;
    }

    /// <summary>Unmounts a container's root filesystem; the container keeps it.</summary>
    /// <param name="container">The container.</param>
    /// <param name="force">Whether one that is in use disappears from sight at once, and is unmounted when nobody uses it any more.</param>
    /// <returns>Whether it was mounted.</returns>
    /// <exception cref="ContainerException">It is in use.</exception>
    public bool Unmount(Container container, bool force)
    {
        using LockedContainer held = registry.Require(container);
        if (!Is(held.Paths))
            return false;
        if (MountCalls.Umount(held.Paths.Mount, force ? MountCalls.MNT_DETACH : 0) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw LifecycleErrors.Of($"container '{container.Name}': cannot be unmounted: {Errno.Text(errno)}; {(errno == Errno.EBUSY
                ? $"leave {held.Paths.Mount} first" : "run podspawn-oci as root")}");
        }
        _ = PathCalls.Rmdir(held.Paths.Mount);
        return true;
    }

    /// <summary>The containers that are mounted, with where; the newest first.</summary>
    public IReadOnlyList<(Container Container, string Path)> All() =>
        [.. registry.All().Where(container => Is(container.Paths)).Select(container => (container, container.Paths.Mount))];

    /// <summary>Makes what is mounted the root of a run as well, in the calling thread's mount namespace.</summary>
    /// <returns>False where nothing is mounted.</returns>
    /// <exception cref="RootFilesystemException">The kernel refuses.</exception>
    internal static bool Lend(ContainerPaths paths)
    {
        if (!Directory.Exists(paths.Mount))
            return false;
        if (!Is(paths))
        {
            // Left half made, or mounted where this namespace does not see it: the removal of the directory unmounts it in every namespace.
            _ = PathCalls.Rmdir(paths.Mount);
            return false;
        }
        // The second call takes away what is for people's protection only.
        if (MountCalls.Mount(paths.Mount, paths.Root, null, MountCalls.MS_BIND, null) != 0
            || MountCalls.Mount(null, paths.Root, null, MountCalls.MS_REMOUNT | MountCalls.MS_BIND, null) != 0)
        {
            throw new RootFilesystemException(paths.Mount, $"cannot be mounted as the container's root: {Errno.Text(Marshal.GetLastPInvokeError())}", "unmount it first");
        }
        return true;
    }

    /// <summary>Unmounts what is mounted, before the container's files go.</summary>
    internal static void Release(ContainerPaths paths)
    {
        if (!Directory.Exists(paths.Mount))
            return;
        _ = MountCalls.Umount(paths.Mount, MountCalls.MNT_DETACH);
        _ = PathCalls.Rmdir(paths.Mount);
    }

    private static bool Is(ContainerPaths paths) => FileStatus.Of(paths.Mount, out FileStatus status) && status.IsMountRoot;

    private static SafeFileHandle TreeOf(LockedContainer held)
    {
        SafeFileHandle? tree = null;
        int errno = 0;
        if (held.Now.HasProcess && !held.Definition.RootfsWritable)
            tree = ContainerLayer.CloneRunning(held.Now, writable: true);
        else
            ContainerLayer.UseStopped(held, root => tree = Clone(root, out errno));
        return tree ?? throw Failed(held.Now, errno);
    }

    private static SafeFileHandle? Clone(string root, out int errno)
    {
        using SafeFileHandle? directory = PathCalls.Open(root, PathCalls.O_PATH | PathCalls.O_DIRECTORY | PathCalls.O_NOFOLLOW, out errno);
        return directory is null ? null : TreeClone.Of(directory, out errno, writable: true);
    }

    private static ContainerException Failed(Container container, int errno) =>
        LifecycleErrors.Of($"container '{container.Name}': cannot be mounted: {Errno.Text(errno)}; run podspawn-oci as root, on Linux 5.2 or newer");
}
