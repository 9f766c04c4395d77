using System.Runtime.InteropServices;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.Translation.Requests;
using Podspawn.Oci.Verification.Attacks;

namespace Podspawn.Oci.Verification.Probing;

/// <summary>
/// A volume to try attacks on, as a careless owner would provide it: a writable tmpfs that forbids neither programs, set-user-id bits nor devices,
/// with a device file on it. It lies in the launcher's own mount namespace, where no other process on the host can reach it, and goes with that.
/// </summary>
internal static class ProbeVolume
{
    /// <summary>The name of its mount point in the probe's directory.</summary>
    public static string Name { get; } = Path.GetRelativePath(ProbeProgram.Directory, Places.Volume);

    private const long Room = 16 << 20;
    private const UnixFileMode Everybody = UnixFileMode.StickyBit | FileModes.ReadWriteForAll | FileModes.ExecuteForAll; // 1777
    private const ulong Denied = (10 << 8) | 229; // makedev(10, 229)

    /// <summary>The bind mount of the volume.</summary>
    public static VolumeMount MountOf(ContainerPaths paths) => new(SourceOf(paths), Places.Volume, ReadOnly: false);

    /// <summary>Creates the volume's tmpfs, in the calling thread's mount namespace.</summary>
    /// <param name="paths">The container's paths.</param>
    /// <param name="bytes">The space that is needed beside the usual, in bytes.</param>
    /// <exception cref="ContainerException">The host does not permit it.</exception>
    public static void Place(ContainerPaths paths, long bytes)
    {
        string source = SourceOf(paths);
        if (PathCalls.Mkdir(source, FileModes.OwnersDirectory) != 0 || MountCalls.Mount("tmpfs", source, "tmpfs", 0, $"mode=1777,size={Room + bytes}") != 0
            || PathCalls.Chmod(source, Everybody) != 0)
            throw new ContainerException($"{source}: cannot place the probe's volume: {Errno.Text(Marshal.GetLastPInvokeError())}; check that the filesystem is writable and has " +
                $"room");
        // Where the host does not allow device files, the attack finds none and says so.
        if (NodeCalls.MakeCharacterDevice($"{source}/{Path.GetFileName(Places.Device)}", FileModes.ReadWriteForAll, Denied) == 0)
            _ = PathCalls.Chmod($"{source}/{Path.GetFileName(Places.Device)}", FileModes.ReadWriteForAll);
    }

    /// <summary>Unmounts the tmpfs.</summary>
    public static void Remove(ContainerPaths paths) => _ = MountCalls.Umount(SourceOf(paths), MountCalls.MNT_DETACH);

    private static string SourceOf(ContainerPaths paths) => $"{paths.Scratch}/probe-volume";
}
