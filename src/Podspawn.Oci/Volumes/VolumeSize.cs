using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Volumes;

/// <summary>Measures volumes. A container may change one meanwhile, and what it says of its files is not believed.</summary>
public static class VolumeSize
{
    private const ulong BlockSize = 512; // statx(2)

    /// <summary>
    /// The bytes of a volume's files, holes left out, each file counted once; directories count nothing, as in podman. 0 for a volume that is gone.
    /// </summary>
    public static long Of(VolumeStore volumes, string name)
    {
        try
        {
            using SafeFileHandle data = volumes.OpenData(name);
            return Sum(data, 0, []);
        }
        catch (Exception e) when (e is ContainerException or IOException)
        {
            // It, or a directory in it, was removed at this moment.
            return 0;
        }
    }

    private static long Sum(SafeFileHandle place, int level, HashSet<FileIdentity> seen)
    {
        if (level > TreeWalk.DeepestLevel)
            return 0;
        using SafeFileHandle directory = EntryCalls.Reopen(place, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY);
        long sum = 0;
        foreach (TreeEntry entry in TreeWalk.Entries(directory))
        {
            if (entry.File is { } file && !entry.IsOnOtherDevice)
                sum += entry.Facts.IsDirectory ? Sum(file, level + 1, seen) : SizeOf(file, seen);
        }
        return sum;
    }

    private static long SizeOf(SafeFileHandle file, HashSet<FileIdentity> seen)
    {
        if (!FileStatus.Of(file, out FileStatus status) || (status.Mode & FileKind.TypeMask) != FileKind.Regular || (status.Links > 1 && !seen.Add(status.Identity)))
            return 0;
        return (long)Math.Min(status.Size, status.Blocks * BlockSize);
    }
}
