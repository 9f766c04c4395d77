using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>
/// What the paths of one side start from: the root of a container, or of the host. Every path is resolved by the kernel within that root
/// (openat2(2), RESOLVE_IN_ROOT), whatever links there are and however they change.
/// </summary>
/// <param name="Root">The root, opened.</param>
/// <param name="Shown">What stands before its paths in messages.</param>
internal sealed record CopyTree(SafeFileHandle Root, string Shown) : IDisposable
{
    /// <summary>The host's, as the calling thread sees it now.</summary>
    internal static CopyTree Host()
    {
        int fd = PathCalls.Open("/", PathCalls.O_PATH | PathCalls.O_DIRECTORY | PathCalls.O_CLOEXEC);
        return fd >= 0 ? new CopyTree(new SafeFileHandle(fd, ownsHandle: true), "") : throw new IOException("cannot open /");
    }

    /// <summary>Opens a path; null with an error number where that fails.</summary>
    internal SafeFileHandle? Open(string path, int flags, out int errno, UnixFileMode mode = 0) =>
        PathCalls.OpenBelow(Root, path.TrimStart('/') is { Length: > 0 } relative ? relative : ".", flags, PathCalls.Resolve.InRoot, out errno, mode);

    /// <summary>Opens a path that has no link in it; null where it has, or is not there.</summary>
    internal SafeFileHandle? OpenWithoutLinks(string path) =>
        PathCalls.OpenBelow(Root, path.TrimStart('/') is { Length: > 0 } relative ? relative : ".", PathCalls.O_PATH, PathCalls.Resolve.InRoot | PathCalls.Resolve.NoSymlinks, out _);

    /// <summary>Opens a path that has to be there.</summary>
    /// <exception cref="ContainerException">It is not, or cannot be opened.</exception>
    internal SafeFileHandle Require(string path, int flags) => Open(path, flags, out int errno) ?? throw CopyFailure.Of($"{Shown}{path}", errno);

    public void Dispose() => Root.Dispose();
}
