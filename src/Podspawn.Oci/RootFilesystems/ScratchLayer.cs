using System.Runtime.InteropServices;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>
/// An overlay on top of a root filesystem that takes what the container writes (Documentation/filesystems/overlayfs.rst).
/// It is mounted in the calling thread's private mount namespace, so the mount is gone with the last process in it.
/// </summary>
public static class ScratchLayer
{
    /// <summary>Mounts the overlay.</summary>
    /// <param name="root">The lower directory; stays as it is, byte for byte.</param>
    /// <param name="scratch">An existing empty directory for the upper and the work directory; no comma, colon or backslash in its path.</param>
    /// <param name="target">An existing directory.</param>
    /// <exception cref="RootFilesystemException">The kernel refuses.</exception>
    public static void Mount(RootFilesystem root, string scratch, string target)
    {
        string upper = $"{scratch}/upper", work = $"{scratch}/work";
        CopyRootMode(root, upper);
        Require(PathCalls.Mkdir(work, 0x1C0), work);

        // The lower directory goes by its descriptor: its path may hold commas and colons. Features that let a layer refer to other
        // places (redirect_dir, metacopy, index) stay off since the layer is hostile; volatile spares syncing what is thrown away.
        string lower = $"/proc/self/fd/{(int)root.Directory.DangerousGetHandle()}";
        string options = $"lowerdir={lower},upperdir={upper},workdir={work},redirect_dir=nofollow,metacopy=off,index=off";
        if (MountCalls.Mount("overlay", target, "overlay", 0, options + ",volatile") == 0)
            return;
        if (Marshal.GetLastPInvokeError() == Errno.EINVAL && MountCalls.Mount("overlay", target, "overlay", 0, options) == 0)
            return;
        int errno = Marshal.GetLastPInvokeError();
        throw errno == Errno.ENODEV
            ? new RootFilesystemException(root.Path, "this kernel has no overlayfs", "load it (modprobe overlay), or let the container write through with --rootfs-writable")
            : new RootFilesystemException(
                root.Path, $"cannot put an overlay on it with {scratch} on top: {Errno.Text(errno)}",
                "keep the scratch directory on a filesystem that overlayfs takes (ext4, xfs, tmpfs), or pass --rootfs-writable");
    }

    private static void CopyRootMode(RootFilesystem root, string upper)
    {
        // The upper directory's own mode and owner become those of the container's "/".
        FileKind.Facts facts = FileKind.FactsOf(root.Directory)
            ?? throw new RootFilesystemException(root.Path, "cannot be looked at", "check its permissions");
        Require(PathCalls.Mkdir(upper, 0x1C0), upper);
        Require(PathCalls.Chown(upper, facts.Uid, facts.Gid), upper);
        Require(PathCalls.Chmod(upper, (uint)facts.Mode & 0xFFF), upper);
    }

    private static void Require(int result, string path)
    {
        if (result != 0)
            throw new RootFilesystemException(path, Errno.Text(Marshal.GetLastPInvokeError()), "check that the filesystem is writable and has room");
    }
}
