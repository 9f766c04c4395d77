using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>
/// The root that the paths of one side start from: a container's, or the host's. The kernel resolves every path within that root (openat2(2),
/// RESOLVE_IN_ROOT), whatever links exist and however they change.
/// </summary>
/// <param name="Root">The root, opened.</param>
/// <param name="Shown">The prefix of its paths in messages.</param>
internal sealed record CopyTree(SafeFileHandle Root, string Shown) : IDisposable
{
    /// <summary>The host's root, as the calling thread sees it now.</summary>
    internal static CopyTree Host() =>
        new(PathCalls.Open("/", PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno) ?? throw new IOException($"/: {Errno.Text(errno)}"), "");

    /// <summary>Opens a path; returns null and an error number where that fails.</summary>
    internal SafeFileHandle? Open(string path, int flags, out int errno, UnixFileMode mode = 0) =>
        PathCalls.OpenBelow(Root, path.TrimStart('/') is { Length: > 0 } relative ? relative : ".", flags, PathCalls.Resolve.InRoot, out errno, mode);

    /// <summary>Opens a path that contains no link; null where it contains one, or does not exist.</summary>
    internal SafeFileHandle? OpenWithoutLinks(string path) =>
        PathCalls.OpenBelow(Root, path.TrimStart('/') is { Length: > 0 } relative ? relative : ".", PathCalls.O_PATH,
            PathCalls.Resolve.InRoot | PathCalls.Resolve.NoSymlinks, out _);

    /// <summary>Opens a path that must exist.</summary>
    /// <exception cref="ContainerException">The path does not exist, or cannot be opened.</exception>
    internal SafeFileHandle Require(string path, int flags) =>
        Open(path, flags, out int errno) ?? throw (errno == Errno.ENOENT ? Missing(path) : CopyFailure.Of($"{Shown}{path}", errno));

    /// <summary>
    /// What stands before the path that the user has typed: the container's working directory with a slash at its end before a relative one, as in podman, and
    /// nothing before an absolute one.
    /// </summary>
    internal string From { get; init; } = "";

    /// <summary>Where the container has mounts when it runs, which need not be there now: a runtime cannot mount a directory over a file.</summary>
    internal IReadOnlyList<string> Destinations { get; init; } = [];

    /// <summary>The files and directories that are there for those mounts.</summary>
    internal IReadOnlySet<FileIdentity> MountPoints()
    {
        var found = new HashSet<FileIdentity>();
        foreach (string destination in Destinations)
        {
            using SafeFileHandle? there = Open(destination, PathCalls.O_PATH, out _);
            if (there is not null)
                found.Add(EntryFacts.Of(there).Identity);
        }
        return found;
    }

    /// <summary>An error about a path that does not exist, in podman's words.</summary>
    internal ContainerException Missing(string path) =>
        CopyFailure.Missing(path.StartsWith(From, StringComparison.Ordinal) ? path[From.Length..] : path, Shown.TrimEnd(':'));

    public void Dispose() => Root.Dispose();
}
