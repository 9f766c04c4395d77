using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>What kind of file a descriptor is (statx(2)), one opened with O_PATH included.</summary>
internal static partial class FileKind
{
    internal const int Directory = 0x4000;
    internal const int Regular = 0x8000;
    internal const int Link = 0xA000;
    private const int TypeMask = 0xF000;
    private const int AT_EMPTY_PATH = 0x1000;
    private const uint STATX_BASIC = 0x7ff;

    // struct statx is 256 bytes (statx(2)); the fields that we read stand at these offsets on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(0x10)] public uint Links;
        [FieldOffset(0x14)] public uint Uid;
        [FieldOffset(0x18)] public uint Gid;
        [FieldOffset(0x1c)] public ushort Mode;
        [FieldOffset(0x20)] public ulong Inode;
        [FieldOffset(0x28)] public ulong Size;
        [FieldOffset(0x60)] public long ChangeSeconds;
        [FieldOffset(0x68)] public uint ChangeNanoseconds;
        [FieldOffset(0x88)] public uint DeviceMajor;
        [FieldOffset(0x8c)] public uint DeviceMinor;
    }

    /// <summary>Who owns a file and what it is; the change time and inode tell whether it is still the same.</summary>
    internal readonly record struct Facts(uint Uid, uint Gid, int Mode, ulong Inode, ulong Size, long ChangeSeconds, uint ChangeNanoseconds, uint DeviceMajor, uint DeviceMinor)
    {
        internal int Type => Mode & TypeMask;

        internal bool Executable => (Mode & 0x49) != 0;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatXCall(int directory, string path, int flags, uint mask, StatX* result);

    /// <summary>The type bits, or 0 when the kernel does not tell.</summary>
    internal static int Of(SafeFileHandle file) => FactsOf(file)?.Type ?? 0;

    /// <summary>The facts of an open file, or null when the kernel does not tell.</summary>
    internal static Facts? FactsOf(SafeFileHandle file) => Call((int)file.DangerousGetHandle(), "", AT_EMPTY_PATH);

    /// <summary>The facts of a path, links followed, or null when there is no such file.</summary>
    internal static Facts? FactsOf(string path) => Call(-100, path, 0);

    /// <summary>
    /// Whether a directory is missing or surely has no directory in it: one with a subdirectory has more than two links, or a single one
    /// where the filesystem does not count them (btrfs, overlayfs).
    /// </summary>
    internal static unsafe bool HasNoSubdirectories(string path)
    {
        StatX x;
        return StatXCall(-100, path, 0, STATX_BASIC, &x) != 0 || x.Links == 2;
    }

    private static unsafe Facts? Call(int directory, string path, int flags)
    {
        StatX x;
        return StatXCall(directory, path, flags, STATX_BASIC, &x) != 0
            ? null
            : new Facts(x.Uid, x.Gid, x.Mode, x.Inode, x.Size, x.ChangeSeconds, x.ChangeNanoseconds, x.DeviceMajor, x.DeviceMinor);
    }
}
