using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>A null device (null(4)) with its own inode, on a new tmpfs: a container may change its owner and mode, and the host's /dev/null stays as it is.</summary>
internal static unsafe partial class NullDevice
{
    private const int CloseOnExec = 1; // FSOPEN_CLOEXEC, FSMOUNT_CLOEXEC
    private const int FSCONFIG_SET_STRING = 1;
    private const int FSCONFIG_CMD_CREATE = 6;
    private const int MOVE_MOUNT_F_EMPTY_PATH = 4;
    private const ulong NullDeviceNumber = (1 << 8) | 3; // makedev(1, 3)
    private const string Name = "null";
    private static ReadOnlySpan<byte> NameBytes => "null"u8;

    /// <summary>Opens a null device that no path leads to; it is removed with its last descriptor.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    internal static SafeFileHandle Open()
    {
        using SafeFileHandle filesystem = Make();
        return PathCalls.OpenBelow(filesystem, Name, PathCalls.O_RDWR, PathCalls.Resolve.Beneath, out int errno) ?? throw Refused("open", errno);
    }

    /// <summary>
    /// Mounts a null device over /dev/null in the calling thread's mount namespace, for programs that open it by its path and pass it on. To be
    /// called only where that namespace is ours alone.
    /// </summary>
    /// <param name="directory">An empty directory, on which the filesystem is mounted; one that has it already is left as it is.</param>
    /// <exception cref="IOException">The kernel refuses.</exception>
    internal static void CoverPath(string directory)
    {
        if (Covers(directory))
            return;
        using SafeFileHandle filesystem = Make();
        fixed (byte* nothing = "\0"u8, to = EntryName.Of(directory).Terminated)
        {
            if (SystemCalls.Call(SystemCalls.MoveMount, filesystem, (nint)nothing, RawCalls.AT_FDCWD, (nint)to, MOVE_MOUNT_F_EMPTY_PATH) != 0)
                throw Refused("mount", Marshal.GetLastPInvokeError());
        }
        if (MountCalls.Mount($"{directory}/{Name}", "/dev/null", null, MountCalls.MS_BIND, null) != 0)
            throw Refused("bind", Marshal.GetLastPInvokeError());
    }

    /// <summary>Unmounts what <see cref="CoverPath"/> has mounted, where that is in the calling thread's mount namespace.</summary>
    internal static void UncoverPath(string directory)
    {
        if (!Covers(directory))
            return;
        _ = MountCalls.Umount("/dev/null", MountCalls.MNT_DETACH);
        _ = MountCalls.Umount(directory, MountCalls.MNT_DETACH);
    }

    private static bool Covers(string directory) =>
        FileKind.FactsOf($"{directory}/{Name}") is { } covering && FileKind.FactsOf("/dev/null") is { } seen
        && covering.Identity == seen.Identity;

    private static SafeFileHandle Make()
    {
        nint context;
        fixed (byte* type = "tmpfs"u8)
            context = SystemCalls.Call(SystemCalls.Fsopen, (nint)type, CloseOnExec);
        if (context < 0)
            throw Refused("make a tmpfs for", Marshal.GetLastPInvokeError());
        using var configured = new SafeFileHandle(context, ownsHandle: true);
        if (Configure(configured, FSCONFIG_SET_STRING, "nr_inodes"u8, "2"u8) != 0
            || Configure(configured, FSCONFIG_SET_STRING, "mode"u8, "755"u8) != 0
            || Configure(configured, FSCONFIG_CMD_CREATE, default, default) != 0)
        {
            throw Refused("make a tmpfs for", Marshal.GetLastPInvokeError());
        }
        nint mount = SystemCalls.Call(SystemCalls.Fsmount, configured, CloseOnExec, (nint)(MountCalls.MOUNT_ATTR_NOSUID | MountCalls.MOUNT_ATTR_NOEXEC));
        if (mount < 0)
            throw Refused("mount a tmpfs for", Marshal.GetLastPInvokeError());
        var filesystem = new SafeFileHandle(mount, ownsHandle: true);
        // The umask would remove bits; a user of the container other than root may open the device as well.
        int errno = MakeNode(filesystem);
        if (errno == 0)
            return filesystem;
        filesystem.Dispose();
        throw Refused("make", errno);
    }

    private static IOException Refused(string what, int errno) =>
        new($"cannot {what} a null device of the container's own: {Errno.Text(errno)}; run podspawn-oci as root with CAP_SYS_ADMIN and CAP_MKNOD, on Linux 5.2 or later");

    // The literals have a NUL after their end.
    private static nint Configure(SafeFileHandle context, nint command, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* keyStart = key, valueStart = value)
            return SystemCalls.Call(SystemCalls.Fsconfig, context, command, (nint)keyStart, (nint)valueStart);
    }

    // 0, or an error number.
    private static int MakeNode(SafeFileHandle filesystem)
    {
        using var held = new HeldDescriptor(filesystem);
        fixed (byte* name = NameBytes)
        {
            return RawCalls.MknodAt(held.Number, name, FileKind.CharacterDevice | (uint)FileModes.ReadWriteForAll, NullDeviceNumber) == 0
                && ChangeMode(held.Number, name, FileModes.ReadWriteForAll, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    [LibraryImport("libc", EntryPoint = "fchmodat", SetLastError = true)]
    private static partial int ChangeMode(int directory, byte* name, UnixFileMode mode, int flags);
}
