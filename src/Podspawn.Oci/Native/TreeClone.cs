using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// A mount of a directory tree that is nowhere but in a descriptor (open_tree(2)): without whatever is mounted in the tree, /proc above all, and with
/// no device in it that could be opened, so that who walks it meets files alone, whatever is changed in it meanwhile.
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
    internal static SafeFileHandle? Of(SafeFileHandle directory, out int errno)
    {
        byte nothing = 0;
        nint fd = SystemCalls.Call(SystemCalls.OpenTree, directory, (nint)(&nothing), OPEN_TREE_CLONE | PathCalls.O_CLOEXEC | RawCalls.AT_EMPTY_PATH);
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (fd < 0)
            return null;
        var tree = new SafeFileHandle(fd, ownsHandle: true);
        var attributes = new MountAttributes { Set = MountCalls.MOUNT_ATTR_RDONLY | MountCalls.MOUNT_ATTR_NOSUID | MountCalls.MOUNT_ATTR_NODEV | MountCalls.MOUNT_ATTR_NOEXEC };
        // Linux 5.12; before it, a walk that looks before it opens has to do.
        _ = SystemCalls.Call(SystemCalls.MountSetattr, tree, (nint)(&nothing), RawCalls.AT_EMPTY_PATH, (nint)(&attributes), sizeof(MountAttributes));
        return tree;
    }

    /// <summary>Clones a tree that is mounted in another process's mount namespace only; null with an error number where the kernel refuses.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="path">The directory, as that process sees it.</param>
    /// <param name="errno">0, or an error number.</param>
    internal static SafeFileHandle? In(int pid, string path, out int errno)
    {
        SafeFileHandle? tree = null;
        int failure = 0;
        // A thread of its own, which ends in that namespace; setns(2) wants it to share its root and working directory with no other.
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
        if (MountCalls.Unshare(MountCalls.CLONE_FS) != 0 || SetNamespace(space, MountCalls.CLONE_NEWNS) != 0)
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

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle space, int type);
}
