using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>The kind of an open file (statx(2)), also of one opened with O_PATH.</summary>
internal static class FileKind
{
    internal const int Directory = 0x4000;
    internal const int Regular = 0x8000;
    internal const int Fifo = 0x1000;
    internal const int Link = 0xA000;
    internal const int Socket = 0xC000;
    internal const int CharacterDevice = 0x2000;
    internal const int BlockDevice = 0x6000;
    internal const int TypeMask = 0xF000;
    internal const int PermissionMask = 0xFFF;

    /// <summary>A file's owner and type; the change time and inode tell whether it is still the same.</summary>
    internal readonly record struct Facts(uint Uid, uint Gid, int Mode, ulong Inode, ulong Size, long ChangeSeconds, uint ChangeNanoseconds, uint DeviceMajor, uint DeviceMinor)
    {
        internal int Type => Mode & TypeMask;

        internal FileIdentity Identity => new(Inode, DeviceMajor, DeviceMinor);

        internal bool Executable => (Mode & (int)FileModes.ExecuteForAll) != 0;
    }

    /// <summary>The type bits, or 0 where the kernel refuses.</summary>
    internal static int Of(SafeFileHandle file) => FactsOf(file)?.Type ?? 0;

    /// <summary>The facts of an open file, or null where the kernel refuses.</summary>
    internal static Facts? FactsOf(SafeFileHandle file) => FileStatus.Of(file, out FileStatus status) ? Of(status) : null;

    /// <summary>The facts of a path, links followed, or null where there is no such file.</summary>
    internal static Facts? FactsOf(string path) => FileStatus.Of(path, out FileStatus status) ? Of(status) : null;

    /// <summary>
    /// Whether a directory is missing or certainly has no subdirectory: one with a subdirectory has more than two links, or a single one where the
    /// filesystem does not count them (btrfs, overlayfs).
    /// </summary>
    internal static bool HasNoSubdirectories(string path) => !FileStatus.Of(path, out FileStatus status) || status.Links == 2;

    private static Facts Of(in FileStatus x) =>
        new(x.Uid, x.Gid, x.Mode, x.Inode, x.Size, x.ChangeSeconds, x.ChangeNanoseconds, x.DeviceMajor, x.DeviceMinor);
}
