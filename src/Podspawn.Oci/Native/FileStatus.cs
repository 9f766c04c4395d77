using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>The result of statx(2): the fields that we read, which have these offsets on every architecture.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    [FieldOffset(0x00)] private readonly uint known;
    [FieldOffset(0x08)] private readonly ulong attributes;
    [FieldOffset(0x10)] public uint Links;
    [FieldOffset(0x14)] public uint Uid;
    [FieldOffset(0x18)] public uint Gid;
    [FieldOffset(0x1c)] public ushort Mode;
    [FieldOffset(0x20)] public ulong Inode;
    [FieldOffset(0x28)] public ulong Size;
    [FieldOffset(0x30)] public ulong Blocks;
    [FieldOffset(0x40)] public long AccessSeconds;
    [FieldOffset(0x48)] public uint AccessNanoseconds;
    [FieldOffset(0x60)] public long ChangeSeconds;
    [FieldOffset(0x68)] public uint ChangeNanoseconds;
    [FieldOffset(0x70)] public long ModifySeconds;
    [FieldOffset(0x78)] public uint ModifyNanoseconds;
    [FieldOffset(0x80)] public uint NodeMajor;
    [FieldOffset(0x84)] public uint NodeMinor;
    [FieldOffset(0x88)] public uint DeviceMajor;
    [FieldOffset(0x8c)] public uint DeviceMinor;
    [FieldOffset(0x90)] private readonly ulong mount;

    /// <summary>Which file it is.</summary>
    internal readonly FileIdentity Identity => new(Inode, DeviceMajor, DeviceMinor);

    /// <summary>Whether something is mounted there (since Linux 5.8).</summary>
    internal readonly bool IsMountRoot => (attributes & STATX_ATTR_MOUNT_ROOT) != 0;

    private const ulong STATX_ATTR_MOUNT_ROOT = 0x2000;
    private const uint STATX_BASIC = 0x7ff;
    private const uint STATX_MNT_ID = 0x1000;

    /// <summary>The status of an open file, also of one opened with O_PATH; false with an errno where the kernel refuses.</summary>
    internal static bool Of(SafeFileHandle file, out FileStatus status) => Of(file, STATX_BASIC, out status);

    /// <summary>The status of a path, links followed; false with an errno where there is no such file.</summary>
    internal static unsafe bool Of(string path, out FileStatus status)
    {
        status = default;
        // No file has such a name; the kernel would end the path at the NUL.
        if (path.Contains('\0'))
            return false;
        fixed (byte* name = EntryName.Of(path).Terminated)
        fixed (FileStatus* result = &status)
            return RawCalls.StatX(RawCalls.AT_FDCWD, name, 0, STATX_BASIC, result) == 0;
    }

    /// <summary>Whether two open files are the same one, reached through the same mount; false where the kernel (before Linux 5.8) does not distinguish mounts.</summary>
    internal static bool IsSamePlace(SafeFileHandle one, SafeFileHandle other) =>
        Of(one, STATX_BASIC | STATX_MNT_ID, out FileStatus a) && Of(other, STATX_BASIC | STATX_MNT_ID, out FileStatus b)
        && (a.known & b.known & STATX_MNT_ID) != 0
        && (a.Identity, a.mount) == (b.Identity, b.mount);

    /// <summary>Whether two open files lie on the same mount; where the kernel (before Linux 5.8) does not distinguish mounts, their filesystem tells.</summary>
    internal static bool IsSameMount(SafeFileHandle one, SafeFileHandle other) =>
        Of(one, STATX_BASIC | STATX_MNT_ID, out FileStatus a) && Of(other, STATX_BASIC | STATX_MNT_ID, out FileStatus b)
        && ((a.known & b.known & STATX_MNT_ID) != 0 ? a.mount == b.mount : (a.DeviceMajor, a.DeviceMinor) == (b.DeviceMajor, b.DeviceMinor));

    private static unsafe bool Of(SafeFileHandle file, uint mask, out FileStatus status)
    {
        using var held = new HeldDescriptor(file);
        byte nothing = 0;
        fixed (FileStatus* result = &status)
            return RawCalls.StatX(held.Number, &nothing, RawCalls.AT_EMPTY_PATH, mask, result) == 0;
    }
}

/// <summary>Which file it is, whatever its names: no two that exist at a time share it (inode(7)).</summary>
internal readonly record struct FileIdentity(ulong Inode, uint DeviceMajor, uint DeviceMinor);
