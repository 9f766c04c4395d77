using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// A mount of a directory tree that exists only as a descriptor (open_tree(2)): without the mounts in the tree, /proc above all, and without devices
/// that could be opened, so that a walk finds only files, whatever is changed in the tree meanwhile.
/// </summary>
internal static unsafe partial class TreeClone
{
    // The same on every architecture, like all numbers since Linux 5.1.
    private const nint NumberOfOpenTree = 428;
    private const nint NumberOfMountSetattr = 442;
    private const uint OPEN_TREE_CLONE = 1;
    private const uint AT_EMPTY_PATH = 0x1000;
    private const ulong MOUNT_ATTR_RDONLY = 1;
    private const ulong MOUNT_ATTR_NOSUID = 2;
    private const ulong MOUNT_ATTR_NODEV = 4;
    private const ulong MOUNT_ATTR_NOEXEC = 8;
    private const int CLONE_FS = 0x200;

    private static readonly byte[] Empty = [0];

    [StructLayout(LayoutKind.Sequential)]
    private struct MountAttributes
    {
        public ulong Set;
        public ulong Clear;
        public ulong Propagation;
        public ulong UserNamespace;
    }

    /// <summary>Clones the tree of an open directory that lies in the calling thread's mount namespace; null with an error number where the kernel refuses.</summary>
    internal static SafeFileHandle? Of(SafeFileHandle directory, out int errno)
    {
        nint fd = OpenTree(NumberOfOpenTree, directory, Empty, OPEN_TREE_CLONE | (uint)PathCalls.O_CLOEXEC | AT_EMPTY_PATH);
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (fd < 0)
            return null;
        var tree = new SafeFileHandle(fd, ownsHandle: true);
        var attributes = new MountAttributes { Set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC };
        // Since Linux 5.12; before that, a walk that checks each entry before it opens it has to suffice.
        _ = MountSetAttributes(NumberOfMountSetattr, tree, Empty, AT_EMPTY_PATH, &attributes, (nuint)sizeof(MountAttributes));
        return tree;
    }

    /// <summary>Clones a tree that is only mounted in another process's mount namespace; null with an error number where the kernel refuses.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="path">The directory, as that process sees it.</param>
    /// <param name="errno">0, or an error number.</param>
    internal static SafeFileHandle? In(int pid, string path, out int errno)
    {
        SafeFileHandle? tree = null;
        int failure = 0;
        // Done on a new thread, which ends in that namespace; setns(2) requires that it shares its root and working directory with no other.
        var thread = new Thread(() => tree = CloneThere(pid, path, out failure));
        thread.Start();
        thread.Join();
        errno = failure;
        return tree;
    }

    private static SafeFileHandle? CloneThere(int pid, string path, out int errno)
    {
        using SafeFileHandle? space = Open($"/proc/{pid}/ns/mnt", PathCalls.O_RDONLY, out errno);
        if (space is null)
            return null;
        if (MountCalls.Unshare(CLONE_FS) != 0 || SetNamespace(space, MountCalls.CLONE_NEWNS) != 0)
        {
            errno = Marshal.GetLastPInvokeError();
            return null;
        }
        using SafeFileHandle? directory = Open(path, PathCalls.O_PATH | PathCalls.O_DIRECTORY | PathCalls.O_NOFOLLOW, out errno);
        return directory is null ? null : Of(directory, out errno);
    }

    private static SafeFileHandle? Open(string path, int flags, out int errno)
    {
        int fd = PathCalls.Open(path, flags | PathCalls.O_CLOEXEC);
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint OpenTree(nint number, SafeFileHandle directory, ReadOnlySpan<byte> path, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint MountSetAttributes(nint number, SafeFileHandle tree, ReadOnlySpan<byte> path, uint flags, MountAttributes* attributes, nuint size);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle space, int type);
}
