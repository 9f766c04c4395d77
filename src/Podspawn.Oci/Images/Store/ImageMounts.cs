using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Store;

/// <summary>
/// Mounts images of a store for people who look at them: read-only, and without set-user-id programs, devices and programs that could be run, since an
/// image is a stranger's. A mounted image stays; the mount is gone with the next boot.
/// </summary>
public sealed class ImageMounts(ImageStore store)
{
    /// <summary>Mounts an image; one that is mounted already stays so.</summary>
    /// <returns>Where.</returns>
    /// <exception cref="NoSuchImageException">The store has no such image.</exception>
    /// <exception cref="ImageException">The kernel refuses.</exception>
    public string Mount(ImageSource source)
    {
        ImageRecord record = store.Require(source);
        UnpackedPaths unpacked = store.Paths.Unpacked(record.Digest);
        // Who removes it holds the same lock.
        using FileLock held = FileLock.Take(store.Paths.Lock);
        if (store.Read(record.Digest) is null)
            throw new NoSuchImageException(source.Text);
        if (Is(unpacked))
            return unpacked.Mount;
        PrivateDirectory.Make(unpacked.Mount);
        using SafeFileHandle? root = PathCalls.Open(unpacked.RootFilesystem, PathCalls.O_PATH | PathCalls.O_DIRECTORY | PathCalls.O_NOFOLLOW, out int errno);
        using SafeFileHandle? tree = root is null ? null : TreeClone.Of(root, out errno);
        if (tree is not null)
            errno = TreeClone.Attach(tree, unpacked.Mount);
        if (errno == 0)
            return unpacked.Mount;
        _ = PathCalls.Rmdir(unpacked.Mount);
        throw new ImageException($"{source.Text}: cannot be mounted: {Errno.Text(errno)}; run podspawn-oci as root, on Linux 5.2 or newer");
    }

    /// <summary>Unmounts an image.</summary>
    /// <param name="source">The image.</param>
    /// <param name="force">Whether one that is in use disappears from sight at once, and is unmounted when nobody uses it any more.</param>
    /// <returns>The image; null where it is not mounted.</returns>
    /// <exception cref="NoSuchImageException">The store has no such image.</exception>
    /// <exception cref="ImageException">It is in use.</exception>
    public ImageRecord? Unmount(ImageSource source, bool force)
    {
        ImageRecord record = store.Require(source);
        UnpackedPaths unpacked = store.Paths.Unpacked(record.Digest);
        using FileLock held = FileLock.Take(store.Paths.Lock);
        if (!Is(unpacked))
            return null;
        if (MountCalls.Umount(unpacked.Mount, force ? MountCalls.MNT_DETACH : 0) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new ImageException($"{source.Text}: cannot be unmounted: {Errno.Text(errno)}; {(errno == Errno.EBUSY
                ? $"leave {unpacked.Mount} first" : "run podspawn-oci as root")}");
        }
        _ = PathCalls.Rmdir(unpacked.Mount);
        return record;
    }

    /// <summary>The images that are mounted, with where.</summary>
    public IReadOnlyList<(StoredImage Image, string Path)> All() =>
        [.. store.All().Where(image => Is(store.Paths.Unpacked(image.Record.Digest))).Select(image => (image, store.Paths.Unpacked(image.Record.Digest).Mount))];

    /// <summary>Whether an image is mounted.</summary>
    internal static bool Is(UnpackedPaths unpacked) => FileStatus.Of(unpacked.Mount, out FileStatus status) && status.IsMountRoot;
}
