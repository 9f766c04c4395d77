using Podspawn.Oci.Spec;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>Finds the mount of a container's config that a path lies on.</summary>
internal static class MountPoints
{
    /// <summary>The nearest mount at or above a path; null where that is the root. Links are not resolved.</summary>
    internal static Mount? Of(string path, IReadOnlyList<Mount> mounts)
    {
        string full = Path.GetFullPath($"/{path}").TrimEnd('/');
        return mounts.Where(mount => full == mount.Destination.TrimEnd('/') || full.StartsWith(mount.Destination.TrimEnd('/') + "/", StringComparison.Ordinal))
            .MaxBy(mount => mount.Destination.Length);
    }
}
