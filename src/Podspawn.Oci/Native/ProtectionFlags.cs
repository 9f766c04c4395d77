using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// The flags that prevent even root from removing a file: immutable and append-only (ioctl_iflags(2), ioctl_xfs_fsgetxattr(2)). A container with
/// CAP_LINUX_IMMUTABLE can set them on its files.
/// </summary>
internal static unsafe class ProtectionFlags
{
    private const nuint FS_IOC_GETFLAGS = 0x80086601;
    private const nuint FS_IOC_SETFLAGS = 0x40086602;
    private const nuint FS_IOC_FSGETXATTR = 0x801c581f;
    private const nuint FS_IOC_FSSETXATTR = 0x401c5820;
    private const long FlagsThatProtect = 0x30; // FS_IMMUTABLE_FL, FS_APPEND_FL
    private const uint AttributesThatProtect = 0x18; // FS_XFLAG_IMMUTABLE, FS_XFLAG_APPEND

    // struct fsxattr: flags, extent size, extents, project, copy-on-write extent size, and eight bytes of nothing.
    [StructLayout(LayoutKind.Explicit, Size = 28)]
    private struct ExtendedFlags
    {
        [FieldOffset(0)] public uint Flags;
    }

    // struct file_attr of file_getattr(2).
    [StructLayout(LayoutKind.Explicit, Size = 24)]
    private struct FileAttributes
    {
        [FieldOffset(0)] public ulong Flags;
    }

    /// <summary>Clears the flags of an entry of an open directory, links not followed, and of the directory itself.</summary>
    internal static void Clear(int directory, byte* name)
    {
        if (directory >= 0)
            ClearOpen(directory);
        using SafeFileHandle? entry = RawCalls.OpenAt(directory, name, PathCalls.O_PATH | PathCalls.O_NOFOLLOW | PathCalls.O_CLOEXEC, 0) is >= 0 and var fd
            ? new SafeFileHandle(fd, ownsHandle: true) : null;
        if (entry is null)
            return;
        // A device or a FIFO is never opened, since that has an effect. Their flags are changed without opening (file_setattr(2), since Linux 6.17), or not at all.
        if (FileKind.Of(entry) is FileKind.Regular or FileKind.Directory)
        {
            using SafeFileHandle? readable = PathCalls.Open(EntryCalls.PathOf(entry), PathCalls.O_RDONLY | PathCalls.O_NONBLOCK, out _);
            if (readable is null)
                return;
            using var held = new HeldDescriptor(readable);
            ClearOpen(held.Number);
            return;
        }
        FileAttributes attributes;
        if (Attributes(SystemCalls.FileGetattr, directory, name, &attributes) == 0 && (attributes.Flags & AttributesThatProtect) != 0)
        {
            attributes.Flags &= ~(ulong)AttributesThatProtect;
            _ = Attributes(SystemCalls.FileSetattr, directory, name, &attributes);
        }
    }

    private static void ClearOpen(int file)
    {
        long flags = 0;
        if (RawCalls.IoControl(file, FS_IOC_GETFLAGS, &flags) == 0 && (flags & FlagsThatProtect) != 0)
        {
            flags &= ~FlagsThatProtect;
            _ = RawCalls.IoControl(file, FS_IOC_SETFLAGS, &flags);
        }
        ExtendedFlags extended;
        if (RawCalls.IoControl(file, FS_IOC_FSGETXATTR, &extended) == 0 && (extended.Flags & AttributesThatProtect) != 0)
        {
            extended.Flags &= ~AttributesThatProtect;
            _ = RawCalls.IoControl(file, FS_IOC_FSSETXATTR, &extended);
        }
    }

    private static nint Attributes(nint number, int directory, byte* name, FileAttributes* attributes) =>
        SystemCalls.Call(number, directory, (nint)name, (nint)attributes, sizeof(FileAttributes), RawCalls.AT_SYMLINK_NOFOLLOW);
}
