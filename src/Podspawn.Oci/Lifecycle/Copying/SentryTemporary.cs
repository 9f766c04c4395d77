using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Spec;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>
/// The tmpfs that gVisor mounts by itself at /tmp, which no config names: over an empty or missing directory, where no mount is asked for (mountTmp in its
/// runsc/boot/vfs.go). It lies in the sandbox's memory and ends with it; what is written to the container's own /tmp meanwhile, the container does not see.
/// </summary>
internal static class SentryTemporary
{
    private const string Place = "/tmp";

    /// <summary>That mount in a container that runs; null where there is none.</summary>
    /// <param name="container">The container.</param>
    /// <param name="monitor">Its monitor, which has its root mounted.</param>
    /// <param name="mounts">The mounts of its config.</param>
    internal static Mount? Of(Container container, ProcessIdentity monitor, IReadOnlyList<Mount> mounts)
    {
        if (mounts.Any(mount => mount.Destination.TrimEnd('/') == Place))
            return null;
        using SafeFileHandle? root = PathCalls.Open($"/proc/{monitor.Pid}/root{container.RootPath}", PathCalls.O_PATH | PathCalls.O_DIRECTORY, out _);
        if (root is null)
            return null;
        using SafeFileHandle? there = PathCalls.OpenBelow(
            root, Place[1..], PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, PathCalls.Resolve.Beneath | PathCalls.Resolve.NoSymlinks, out int errno);
        bool isMounted = there is null ? errno == Errno.ENOENT : EntryCalls.List(there).Count == 0;
        return isMounted ? new Mount(Place, "tmpfs", "tmpfs", []) : null;
    }
}
