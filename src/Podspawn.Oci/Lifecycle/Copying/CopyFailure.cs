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

    /// <summary>Nothing has that path, in podman's words.</summary>
    /// <param name="container">The container's name; null for the host.</param>
    /// <param name="path">The path there.</param>
    internal static ContainerException Missing(string? container, string path) => LifecycleErrors.Of(container is null
        ? $"\"{Clean(path)}\" could not be found on the host"
        : $"\"{Clean(path)}\" could not be found on container {container}: no such file or directory");

    /// <summary>The target is neither a file nor a directory, in podman's words.</summary>
    internal static ContainerException Invalid(string path) =>
        LifecycleErrors.Of($"invalid destination: \"{Clean(path)}\" must be a directory or a regular file");

    /// <summary>The target is a file, in podman's words.</summary>
    /// <param name="source">What was to be copied.</param>
    internal static ContainerException NoDirectory(string source) => LifecycleErrors.Of($"destination must be a directory when copying {source}");

    internal static ContainerException Of(string path, string why) => LifecycleErrors.Of($"{Clean(path)}: {why}");

    internal static string Clean(string path) => Printable.Clean(path, LongestPath);
}
