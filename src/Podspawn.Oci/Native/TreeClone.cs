using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// A mount of a directory tree that exists only as a descriptor (open_tree(2)): without the mounts in the tree, /proc above all, and without devices
/// that could be opened, so that a walk finds only files, whatever is changed in the tree meanwhile.
/// </summary>
internal static unsafe partial class TreeClone
{
    private const int OPEN_TREE_CLONE = 1;

    [StructLayout(LayoutKind.Sequential)]
    private struct MountAttributes
    {
        public ulong Set;
        public ulong Clear;
        public ulong Propagation;
        public ulong UserNamespace;
    }

    /// <summary>Clones the tree of an open directory that lies in the calling thread's mount namespace; null with an error number where the kernel refuses.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="errno">0, or an error number.</param>
    /// <param name="writable">Whether files can be written through the clone.</param>
    internal static SafeFileHandle? Of(SafeFileHandle directory, out int errno, bool writable = false)
    {
        byte nothing = 0;
        nint fd = SystemCalls.Call(SystemCalls.OpenTree, directory, (nint)(&nothing), OPEN_TREE_CLONE | PathCalls.O_CLOEXEC | RawCalls.AT_EMPTY_PATH);
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (fd < 0)
            return null;
        var tree = new SafeFileHandle(fd, ownsHandle: true);
        ulong inert = MountCalls.MOUNT_ATTR_NOSUID | MountCalls.MOUNT_ATTR_NODEV | MountCalls.MOUNT_ATTR_NOEXEC;
        var attributes = new MountAttributes { Set = writable ? inert : inert | MountCalls.MOUNT_ATTR_RDONLY };
        // Since Linux 5.12; before that, a walk that checks each entry before it opens it has to suffice.
        _ = SystemCalls.Call(SystemCalls.MountSetattr, tree, (nint)(&nothing), RawCalls.AT_EMPTY_PATH, (nint)(&attributes), sizeof(MountAttributes));
        return tree;
    }

    /// <summary>Mounts a clone on a directory of ours. Returns 0, or an error number.</summary>
    internal static int Attach(SafeFileHandle tree, string path)
    {
        const int MOVE_MOUNT_F_EMPTY_PATH = 4;
        byte nothing = 0;
        fixed (byte* place = EntryName.Of(path).Terminated)
        {
            return SystemCalls.Call(SystemCalls.MoveMount, tree, (nint)(&nothing), RawCalls.AT_FDCWD, (nint)place, MOVE_MOUNT_F_EMPTY_PATH) == 0
                ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Clones a tree that is only mounted in another process's mount namespace; null with an error number where the kernel refuses.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="path">The directory, as that process sees it.</param>
    /// <param name="errno">0, or an error number.</param>
    /// <param name="writable">Whether files can be written through the clone.</param>
    internal static SafeFileHandle? In(int pid, string path, out int errno, bool writable = false)
    {
        SafeFileHandle? tree = null;
        int failure = 0;
        // Done on a new thread, which ends in that namespace; setns(2) requires that it shares its root and working directory with no other.
        var thread = new Thread(() => tree = CloneThere(pid, path, writable, out failure));
        thread.Start();
        thread.Join();
        errno = failure;
        return tree;
    }

    private static SafeFileHandle? CloneThere(int pid, string path, bool writable, out int errno)
    {
        using SafeFileHandle? space = PathCalls.Open($"/proc/{pid}/ns/mnt", PathCalls.O_RDONLY, out errno);
        if (space is null)
            return null;
        if (MountCalls.Unshare(MountCalls.CLONE_FS) != 0 || NamespaceCalls.SetNamespace(space, MountCalls.CLONE_NEWNS) != 0)
        {
            errno = Marshal.GetLastPInvokeError();
            return null;
        }
        using SafeFileHandle? directory = PathCalls.Open(path, PathCalls.O_PATH | PathCalls.O_DIRECTORY | PathCalls.O_NOFOLLOW, out errno);
        return directory is null ? null : Of(directory, out errno, writable);
    }
}
