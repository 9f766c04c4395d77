using Podspawn.Oci.Verification.Observation;

namespace Podspawn.Oci.Verification.Checks;

/// <summary>Recognizes the mounts with which the runtimes cover a masked path.</summary>
internal static class MaskMounts
{
    // crun from 1.24 on: one directory below its state root, where only root can create anything, for all masks of a container.
    private const string EmptyDirectory = "/.empty-directory";

    /// <summary>Whether a mount is such a cover: an empty tmpfs, or one that several masks share; /dev/null; crun's empty directory, read-only.</summary>
    public static bool IsMask(MountEntry mount) =>
        mount.Type is "tmpfs" or "devtmpfs" || (mount.Root.EndsWith(EmptyDirectory, StringComparison.Ordinal) && mount.Options.Contains("ro"));
}
