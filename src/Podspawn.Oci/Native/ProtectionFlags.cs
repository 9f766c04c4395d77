using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// The flags that prevent even root from removing a file: immutable and append-only (ioctl_iflags(2), ioctl_xfs_fsgetxattr(2)). A container with
/// CAP_LINUX_IMMUTABLE can set them on its files.
/// </summary>
internal static unsafe partial class ProtectionFlags
{
    private const nuint FS_IOC_GETFLAGS = 0x80086601;
    private const nuint FS_IOC_SETFLAGS = 0x40086602;
    private const nuint FS_IOC_FSGETXATTR = 0x801c581f;
    private const nuint FS_IOC_FSSETXATTR = 0x401c5820;
    private const long FlagsThatProtect = 0x30; // FS_IMMUTABLE_FL, FS_APPEND_FL
    private const uint AttributesThatProtect = 0x18; // FS_XFLAG_IMMUTABLE, FS_XFLAG_APPEND
    private const nint NumberOfFileGetAttr = 468;
    private const nint NumberOfFileSetAttr = 469;
    private const int AT_SYMLINK_NOFOLLOW = 0x100;

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
        using SafeFileHandle? entry = OpenAt(directory, name, PathCalls.O_PATH | PathCalls.O_NOFOLLOW | PathCalls.O_CLOEXEC) is >= 0 and var fd ? new SafeFileHandle(fd, ownsHandle: true) : null;
        if (entry is null)
            return;
        // A device or a FIFO is never opened, since that has an effect. Their flags are changed without opening (file_setattr(2), since Linux 6.17), or not at all.
        if (FileKind.Of(entry) is FileKind.Regular or FileKind.Directory)
        {
            int readable = PathCalls.Open(EntryCalls.PathOf(entry), PathCalls.O_RDONLY | PathCalls.O_NONBLOCK | PathCalls.O_CLOEXEC);
            if (readable < 0)
                return;
            using var open = new SafeFileHandle(readable, ownsHandle: true);
            ClearOpen(readable);
            return;
        }
        FileAttributes attributes;
        if (FileAttr(NumberOfFileGetAttr, directory, name, &attributes, (nuint)sizeof(FileAttributes), AT_SYMLINK_NOFOLLOW) == 0 && (attributes.Flags & AttributesThatProtect) != 0)
        {
            attributes.Flags &= ~(ulong)AttributesThatProtect;
            _ = FileAttr(NumberOfFileSetAttr, directory, name, &attributes, (nuint)sizeof(FileAttributes), AT_SYMLINK_NOFOLLOW);
        }
    }

    private static void ClearOpen(int file)
    {
        long flags = 0;
        if (IoControl(file, FS_IOC_GETFLAGS, &flags) == 0 && (flags & FlagsThatProtect) != 0)
        {
            flags &= ~FlagsThatProtect;
            _ = IoControl(file, FS_IOC_SETFLAGS, &flags);
        }
        ExtendedFlags extended;
        if (IoControl(file, FS_IOC_FSGETXATTR, &extended) == 0 && (extended.Flags & AttributesThatProtect) != 0)
        {
            extended.Flags &= ~AttributesThatProtect;
            _ = IoControl(file, FS_IOC_FSSETXATTR, &extended);
        }
    }

    [LibraryImport("libc", EntryPoint = "openat")]
    private static partial int OpenAt(int directory, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int IoControl(int file, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint FileAttr(nint number, int directory, byte* name, FileAttributes* attributes, nuint size, uint flags);
}
