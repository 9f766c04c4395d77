using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>What the runtimes cover a masked path with.</summary>
internal static class MaskMounts
{
    // crun from 1.24 on: one directory below its state root, where nobody but root can put anything, for all of a container's masks.
    private const string EmptyDirectory = "/.empty-directory";

    /// <summary>Whether a mount is such a cover: an empty tmpfs, or one that several masks share; /dev/null; crun's empty directory, read-only.</summary>
    public static bool IsMask(MountEntry mount) =>
        mount.Type is "tmpfs" or "devtmpfs" || (mount.Root.EndsWith(EmptyDirectory, StringComparison.Ordinal) && mount.Options.Contains("ro"));
}
