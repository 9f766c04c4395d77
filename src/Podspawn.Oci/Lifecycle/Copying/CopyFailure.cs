using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>Builds the errors of a copy.</summary>
internal static class CopyFailure
{
    private const int LongestPath = 400;

    internal static ContainerException Of(string path, int errno) => Of(path, errno switch
    {
        Errno.ENOENT => "no such file or directory; check the path",
        Errno.ENOTDIR => "a part of the path is not a directory; check the path",
        Errno.ELOOP => "leads through too many symbolic links, or through one of the kernel's own; name the file itself",
        Errno.ENOSPC or Errno.EDQUOT => $"{Errno.Text(errno)}; make room there",
        Errno.EROFS => "the filesystem there is read-only (a container's is where its rootfs is marked read-only, or the volume is); name a writable place",
        _ => Errno.Text(errno),
    });

    /// <summary>A path that does not exist, in podman's words.</summary>
    /// <param name="path">The path.</param>
    /// <param name="container">The container; empty for the host.</param>
    internal static ContainerException Missing(string path, string container) =>
        LifecycleErrors.Of($"\"{Clean(path)}\" could not be found on {(container.Length == 0 ? "the host" : $"container {container}: no such file or directory")}");

    internal static ContainerException Of(string path, string why) => LifecycleErrors.Of($"{Clean(path)}: {why}");

    internal static string Clean(string path) => Printable.Clean(path, LongestPath);
}
