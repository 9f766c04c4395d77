using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>A null device (null(4)) with its own inode, on a new tmpfs: a container may change its owner and mode, and the host's /dev/null stays as it is.</summary>
internal static partial class NullDevice
{
    private const nint NumberOfMoveMount = 429;
    private const nint NumberOfFsopen = 430;
    private const nint NumberOfFsconfig = 431;
    private const nint NumberOfFsmount = 432;
    private const int CloseOnExec = 1; // FSOPEN_CLOEXEC, FSMOUNT_CLOEXEC
    private const int FSCONFIG_SET_STRING = 1;
    private const int FSCONFIG_CMD_CREATE = 6;
    private const int MOVE_MOUNT_F_EMPTY_PATH = 4;
    private const int AT_FDCWD = -100;
    private const int MOUNT_ATTR_NOSUID = 2;
    private const int MOUNT_ATTR_NOEXEC = 8;
    private const uint CharacterDevice = 0x2000;
    private const uint ReadWriteForAll = 0x1B6;
    private const ulong NullDeviceNumber = (1 << 8) | 3; // makedev(1, 3)
    private const string Name = "null";

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
        if (MoveMount(NumberOfMoveMount, filesystem, "", AT_FDCWD, directory, MOVE_MOUNT_F_EMPTY_PATH) != 0)
            throw Refused("mount", Marshal.GetLastPInvokeError());
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
        && (covering.Inode, covering.DeviceMajor, covering.DeviceMinor) == (seen.Inode, seen.DeviceMajor, seen.DeviceMinor);

    private static SafeFileHandle Make()
    {
        nint context = Fsopen(NumberOfFsopen, "tmpfs", CloseOnExec);
        if (context < 0)
            throw Refused("make a tmpfs for", Marshal.GetLastPInvokeError());
        using var configured = new SafeFileHandle(context, ownsHandle: true);
        if (Fsconfig(NumberOfFsconfig, configured, FSCONFIG_SET_STRING, "nr_inodes", "2", 0) != 0
            || Fsconfig(NumberOfFsconfig, configured, FSCONFIG_SET_STRING, "mode", "755", 0) != 0
            || Fsconfig(NumberOfFsconfig, configured, FSCONFIG_CMD_CREATE, null, null, 0) != 0)
        {
            throw Refused("make a tmpfs for", Marshal.GetLastPInvokeError());
        }
        nint mount = Fsmount(NumberOfFsmount, configured, CloseOnExec, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
        if (mount < 0)
            throw Refused("mount a tmpfs for", Marshal.GetLastPInvokeError());
        var filesystem = new SafeFileHandle(mount, ownsHandle: true);
        // The umask would remove bits; a user of the container other than root may open the device as well.
        if (MakeNode(filesystem, Name, CharacterDevice | ReadWriteForAll, NullDeviceNumber) == 0 && ChangeMode(filesystem, Name, ReadWriteForAll, 0) == 0)
            return filesystem;
        int errno = Marshal.GetLastPInvokeError();
        filesystem.Dispose();
        throw Refused("make", errno);
    }

    private static IOException Refused(string what, int errno) =>
        new($"cannot {what} a null device of the container's own: {Errno.Text(errno)}; run podspawn-oci as root with CAP_SYS_ADMIN and CAP_MKNOD, on Linux 5.2 or later");

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Fsopen(nint number, string type, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Fsconfig(nint number, SafeFileHandle context, nint command, string? key, string? value, nint auxiliary);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Fsmount(nint number, SafeFileHandle context, nint flags, nint attributes);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint MoveMount(nint number, SafeFileHandle from, string fromPath, nint to, string toPath, nint flags);

    [LibraryImport("libc", EntryPoint = "mknodat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeNode(SafeFileHandle directory, string name, uint mode, ulong device);

    [LibraryImport("libc", EntryPoint = "fchmodat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeMode(SafeFileHandle directory, string name, uint mode, int flags);
}
