using System.Runtime.InteropServices;
using CliWrap;
using CliWrap.Buffered;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>
/// A layer on top of a root filesystem that receives the container's writes: an overlay (Documentation/filesystems/overlayfs.rst), or a substitute
/// for one. It is mounted in the calling thread's private mount namespace, so the mount is gone with the last process in it.
/// </summary>
public static class ScratchLayer
{
    /// <summary>Mounts the layer.</summary>
    /// <param name="root">The lower directory; it stays unchanged, byte for byte.</param>
    /// <param name="scratch">An existing empty directory for the layer's files; without comma, colon or backslash in its path.</param>
    /// <param name="target">An existing directory.</param>
    /// <param name="driver">The driver to use.</param>
    /// <param name="environment">Marks the processes that serve the layer.</param>
    /// <param name="before">The driver of an earlier mount, whose files contain the container's writes; null for a new layer, whatever the directory contains.</param>
    /// <returns>The driver used, and why the preferred one was not; null where there is nothing to report.</returns>
    /// <exception cref="RootFilesystemException">No driver that was allowed works here.</exception>
    public static (StorageDriver Used, string? Why) Mount(
        RootFilesystem root, string scratch, string target, StorageDriver driver, IReadOnlyDictionary<string, string?> environment, StorageDriver? before = null)
    {
        if (before == StorageDriver.Copy)
        {
            BindCopy(root, scratch, target);
            return (StorageDriver.Copy, null);
        }
        // overlayfs's own directory from an earlier mount is useless, and overlayfs refuses one that was "volatile".
        TreeRemoval.Remove($"{scratch}/work");
        if (before is null)
        {
            TreeRemoval.Remove($"{scratch}/upper");
            TreeRemoval.Remove($"{scratch}/twins");
            CopyRootMode(root, $"{scratch}/upper");
        }
        driver = before ?? driver;
        Require(PathCalls.Mkdir($"{scratch}/work", FileModes.OwnersDirectory), $"{scratch}/work");
        string? noOverlay = null, noFuse = null;
        if (driver is StorageDriver.Auto or StorageDriver.Overlay)
        {
            noOverlay = MountOverlay(root, scratch, target);
            if (noOverlay is null)
                return (StorageDriver.Overlay, null);
            if (driver == StorageDriver.Overlay)
                throw Refused(root, noOverlay);
        }
        if (driver is StorageDriver.Auto or StorageDriver.FuseOverlayfs)
        {
            noFuse = MountFuse(root, scratch, target, environment);
            if (noFuse is null)
                return (StorageDriver.FuseOverlayfs, noOverlay);
            if (driver == StorageDriver.FuseOverlayfs)
                throw Refused(root, noFuse);
        }
        Copy(root, scratch, target);
        return (StorageDriver.Copy, noOverlay is null ? null : $"{noOverlay}; {noFuse}");
    }

    /// <summary>Unmounts the layer. A process that serves it ends by that.</summary>
    internal static void Unmount(string target) => _ = MountCalls.Umount(target, MountCalls.MNT_DETACH);

    private static string? MountOverlay(RootFilesystem root, string scratch, string target)
    {
        // The lower directory is passed by its descriptor: its path may contain commas and colons. Features that let a layer refer to other places
        // (redirect_dir, metacopy, index) stay off since the layer is hostile; volatile avoids syncing files that are discarded anyway.
        string lower = EntryCalls.PathOf(root.Directory);
        string options = $"lowerdir={lower},upperdir={scratch}/upper,workdir={scratch}/work,redirect_dir=nofollow,metacopy=off,index=off";
        if (MountCalls.Mount("overlay", target, "overlay", 0, options + ",volatile") == 0)
            return null;
        if (Marshal.GetLastPInvokeError() == Errno.EINVAL && MountCalls.Mount("overlay", target, "overlay", 0, options) == 0)
            return null;
        int errno = Marshal.GetLastPInvokeError();
        return errno == Errno.ENODEV
            ? "this kernel has no overlayfs"
            : $"the kernel puts no overlay on it with {scratch} on top ({Errno.Text(errno)})";
    }

    private static string? MountFuse(RootFilesystem root, string scratch, string target, IReadOnlyDictionary<string, string?> environment)
    {
        if (HostProgram.Find("fuse-overlayfs") is not { } program)
            return "fuse-overlayfs is not installed";
        if (root.Path.AsSpan().ContainsAny(",:\\"))
            return "fuse-overlayfs takes no path with ',', ':' or a backslash in it";
        // fuse-overlayfs continues in the background, and not every init adopts orphans.
        ProcessCalls.BecomeSubreaper();
        BufferedCommandResult result = CliWrap.Cli.Wrap(program)
            .WithArguments(["-o", $"lowerdir={root.Path},upperdir={scratch}/upper,workdir={scratch}/work", target])
            .WithEnvironmentVariables(environment).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync().GetAwaiter().GetResult();
        return result.ExitCode == 0
            ? null
            : $"fuse-overlayfs fails ({result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? $"status {result.ExitCode}"})";
    }

    private static void Copy(RootFilesystem root, string scratch, string target)
    {
        try
        {
            LayerCopy.Make(root.Directory, $"{scratch}/upper", $"{scratch}/twins");
        }
        catch (IOException e)
        {
            throw Refused(root, $"it cannot be copied ({e.Message})");
        }
        BindCopy(root, scratch, target);
    }

    private static void BindCopy(RootFilesystem root, string scratch, string target)
    {
        if (MountCalls.Mount($"{scratch}/upper", target, null, MountCalls.MS_BIND, null) != 0)
            throw Refused(root, $"its copy cannot be mounted ({Errno.Text(Marshal.GetLastPInvokeError())})");
    }

    private static RootFilesystemException Refused(RootFilesystem root, string why) => new(
        root.Path, $"cannot be given a layer for what the container writes: {why}",
        $"keep the scratch directory on a filesystem that overlayfs takes (ext4, xfs, tmpfs), choose with {Setting.StorageDriver}, or pass {Setting.RootfsWritable}");

    private static void CopyRootMode(RootFilesystem root, string upper)
    {
        // The mode and owner of the upper directory become those of the container's "/".
        FileKind.Facts facts = FileKind.FactsOf(root.Directory)
            ?? throw new RootFilesystemException(root.Path, "cannot be looked at", "check its permissions");
        Require(PathCalls.Mkdir(upper, FileModes.OwnersDirectory), upper);
        Require(PathCalls.Chown(upper, facts.Uid, facts.Gid), upper);
        Require(PathCalls.Chmod(upper, (UnixFileMode)(facts.Mode & FileKind.PermissionMask)), upper);
    }

    private static void Require(int result, string path)
    {
        if (result != 0)
            throw new RootFilesystemException(path, Errno.Text(Marshal.GetLastPInvokeError()), "check that the filesystem is writable and has room");
    }
}
