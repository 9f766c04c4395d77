using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>
/// The root that the paths of one side start from: a container's, or the host's. The kernel resolves every path within that root (openat2(2),
/// RESOLVE_IN_ROOT), whatever links exist and however they change.
/// </summary>
/// <param name="Root">The root, opened.</param>
/// <param name="Container">The container's name; null for the host.</param>
internal sealed record CopyTree(SafeFileHandle Root, string? Container) : IDisposable
{
    /// <summary>The prefix of its paths in messages.</summary>
    internal string Shown => Container is null ? "" : $"{Container}:";

    /// <summary>The host's root, as the calling thread sees it now.</summary>
    internal static CopyTree Host() =>
        new(PathCalls.Open("/", PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno) ?? throw new IOException($"/: {Errno.Text(errno)}"), null);

    /// <summary>Opens a path; returns null and an error number where that fails.</summary>
    internal SafeFileHandle? Open(string path, int flags, out int errno, UnixFileMode mode = 0) =>
        PathCalls.OpenBelow(Root, path.TrimStart('/') is { Length: > 0 } relative ? relative : ".", flags, PathCalls.Resolve.InRoot, out errno, mode);

    /// <summary>Opens a path that contains no link; null where it contains one, or does not exist.</summary>
    internal SafeFileHandle? OpenWithoutLinks(string path) =>
        PathCalls.OpenBelow(Root, path.TrimStart('/') is { Length: > 0 } relative ? relative : ".", PathCalls.O_PATH,
            PathCalls.Resolve.InRoot | PathCalls.Resolve.NoSymlinks, out _);

    /// <summary>Opens a path that must exist.</summary>
    /// <exception cref="ContainerException">The path does not exist, or cannot be opened.</exception>
    internal SafeFileHandle Require(string path, int flags) => Open(path, flags, out int errno)
        ?? throw (errno == Errno.ENOENT ? CopyFailure.Missing(Container, path) : CopyFailure.Of($"{Shown}{path}", errno));

    public void Dispose() => Root.Dispose();
}
