using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Everything that a copy preserves of a file, and its identity (statx(2)).</summary>
internal readonly record struct EntryFacts(
    int Mode, uint Uid, uint Gid, long Size, uint Links, ulong Inode, (uint Major, uint Minor) Device, (uint Major, uint Minor) Node, FileTime Accessed, FileTime Modified)
{
    internal int Type => Mode & FileKind.TypeMask;

    internal UnixFileMode Permissions => (UnixFileMode)(Mode & FileKind.PermissionMask);

    internal bool IsDirectory => Type == FileKind.Directory;

    /// <summary>Which file it is.</summary>
    internal FileIdentity Identity => new(Inode, Device.Major, Device.Minor);

    /// <summary>The kind of file, in a word.</summary>
    internal string Kind => Type switch
    {
        FileKind.Directory => "directory",
        FileKind.Regular => "file",
        FileKind.Link => "symbolic link",
        FileKind.Fifo => "FIFO",
        FileKind.CharacterDevice or FileKind.BlockDevice => "device",
        FileKind.Socket => "socket",
        _ => "special file",
    };

    /// <summary>The facts of an open file, one opened with O_PATH included.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    internal static EntryFacts Of(SafeFileHandle file) => FileStatus.Of(file, out FileStatus x)
        ? new EntryFacts(
            x.Mode, x.Uid, x.Gid, (long)x.Size, x.Links, x.Inode, (x.DeviceMajor, x.DeviceMinor), (x.NodeMajor, x.NodeMinor),
            new FileTime(x.AccessSeconds, x.AccessNanoseconds), new FileTime(x.ModifySeconds, x.ModifyNanoseconds))
        : throw new IOException(Errno.Text(Marshal.GetLastPInvokeError()));
}

/// <summary>A file's time (struct timespec).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FileTime(long Seconds, long Nanoseconds)
{
    internal DateTimeOffset ToDateTime() =>
        DateTimeOffset.UnixEpoch.AddTicks(checked(Math.Clamp(Seconds, -62_135_596_800, 253_402_300_799) * TimeSpan.TicksPerSecond) + (Nanoseconds / 100));

    internal static FileTime Of(DateTimeOffset time)
    {
        long ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        return rest < 0 ? new FileTime(seconds - 1, (rest + TimeSpan.TicksPerSecond) * 100) : new FileTime(seconds, rest * 100);
    }
}
