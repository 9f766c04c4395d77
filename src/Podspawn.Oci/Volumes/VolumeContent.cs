using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Volumes;

/// <summary>
/// Gives an empty volume what the root filesystem has at its destination, with owner and permissions, as docker does. It is copied beside, and takes the
/// place of the empty directory in one step: a volume is empty or whole. Nothing is mounted from it then, since only its first user fills it.
/// </summary>
internal static class VolumeContent
{
    /// <summary>Prepares a volume for a container that is being made, and that has claimed it.</summary>
    /// <param name="layout">The store.</param>
    /// <param name="mount">Where the volume goes; links are resolved.</param>
    /// <param name="root">The container's root filesystem.</param>
    /// <param name="container">The container's id.</param>
    /// <exception cref="ContainerException">The content cannot be copied.</exception>
    internal static void Prepare(StateLayout layout, VolumeMount mount, RootFilesystem root, string container)
    {
        VolumePaths paths = VolumePaths.Of(layout, mount.Volume!.Name);
        using FileLock held = FileLock.Take(paths.Lock);
        Volume volume = VolumeFields.Read(paths) ?? throw VolumeErrors.Unreadable(paths);
        if (!mount.Volume.TakesNothing && IsEmpty(paths.Data) && VolumeUses.Read(layout).Of(paths).All(user => user.Id == container))
            Fill(paths, root, mount.Destination, evenFromNothing: volume.NeedsOwner);
        if (volume.NeedsOwner)
            VolumeFields.Write(paths, volume with { NeedsOwner = false });
        Faults.Point("volume.prepared");
    }

    private static void Fill(VolumePaths paths, RootFilesystem root, string destination, bool evenFromNothing)
    {
        using SafeFileHandle? there = root.OpenInside(destination, PathCalls.O_PATH | PathCalls.O_DIRECTORY, out _);
        if (there is null || (!evenFromNothing && IsEmpty(EntryCalls.PathOf(there))))
            return;
        EntryName part = EntryName.Of(".part");
        string beside = $"{paths.Directory}/{part.Text}", twins = $"{paths.Directory}/.twins";
        TreeRemoval.Remove(beside);
        TreeRemoval.Remove(twins);
        try
        {
            PrivateDirectory.Make(beside);
            LayerCopy.Make(there, beside, twins);
            Faults.Point("volume.filled");
            using SafeFileHandle volume = PathCalls.Open(paths.Directory, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY | PathCalls.O_NOFOLLOW, out int errno)
                ?? throw new IOException(Errno.Text(errno));
            if (EntryCalls.Rename(volume, part, EntryName.Of(VolumePaths.DataName)) is not 0 and var failure)
                throw new IOException(Errno.Text(failure));
        }
        catch (IOException e)
        {
            TreeRemoval.Remove(beside);
            throw new ContainerException($"volume '{paths.Name}': what the root filesystem has at {Text.Printable.Clean(destination)} cannot be copied into it: {e.Message}; " +
                $"mend that, or mount the volume with nocopy");
        }
    }

    private static bool IsEmpty(string directory) => !Directory.EnumerateFileSystemEntries(directory).Any();
}
