using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Removing a directory tree by descriptors: no link is followed, and no path grows longer than the kernel takes.</summary>
internal static unsafe class DirectoryCalls
{
    // Each level holds a descriptor.
    private const int DeepestLevel = 64;
    private const byte DT_DIR = 4;

    /// <summary>Removes a tree; a missing one counts as removed. False when something is still there.</summary>
    internal static bool RemoveTree(string path)
    {
        byte[] name = Terminated(path);
        fixed (byte* start = name)
        {
            while (true)
            {
                if (Unlink(RawCalls.AT_FDCWD, start, RawCalls.AT_REMOVEDIR, out int errno) || errno == Errno.ENOENT)
                    return true;
                if (errno != Errno.ENOTEMPTY)
                    return errno == Errno.ENOTDIR && Unlink(RawCalls.AT_FDCWD, start, 0, out _);
                int fd = RawCalls.OpenAt(RawCalls.AT_FDCWD, start, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY | PathCalls.O_NOFOLLOW | PathCalls.O_CLOEXEC, 0);
                if (fd < 0)
                    return false;
                using (new SafeFileHandle(fd, ownsHandle: true))
                {
                    // What lay too deep has come up to the top by then, and is gone with the next round.
                    int removed = 0;
                    RemoveEntries(fd, fd, DeepestLevel, ref removed);
                    if (removed == 0)
                        return false;
                }
            }
        }
    }

    private static void RemoveDirectory(int top, int parent, byte* name, int levels, ref int removed)
    {
        if (Unlink(parent, name, RawCalls.AT_REMOVEDIR, out int errno))
        {
            removed++;
            return;
        }
        if (errno != Errno.ENOTEMPTY)
            return;
        if (levels == 0)
        {
            if (Hoist(top, parent, name))
                removed++;
            return;
        }
        int fd = RawCalls.OpenAt(parent, name, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY | PathCalls.O_NOFOLLOW | PathCalls.O_CLOEXEC, 0);
        if (fd < 0)
            return;
        using (new SafeFileHandle(fd, ownsHandle: true))
            RemoveEntries(top, fd, levels, ref removed);
        if (Unlink(parent, name, RawCalls.AT_REMOVEDIR, out _))
            removed++;
    }

    private static void RemoveEntries(int top, int directory, int levels, ref int removed)
    {
        const int BufferSize = 4096;
        byte* buffer = stackalloc byte[BufferSize];
        while (true)
        {
            nint length = SystemCalls.Call(SystemCalls.Getdents64, directory, (nint)buffer, BufferSize);
            if (length <= 0)
                return;
            // struct linux_dirent64: inode (8), offset (8), record length (2), type (1), name (getdents64(2)).
            for (byte* entry = buffer; entry < buffer + length; entry += *(ushort*)(entry + 16))
            {
                byte* name = entry + 19;
                if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0)))
                    continue;
                if (entry[18] != DT_DIR && Unlink(directory, name, 0, out _))
                    removed++;
                else
                    RemoveDirectory(top, directory, name, levels - 1, ref removed);
            }
        }
    }

    // A container may have set flags on what it made, by which not even root removes it.
    private static bool Unlink(int directory, byte* name, int flags, out int errno)
    {
        if (RawCalls.UnlinkAt(directory, name, flags) == 0)
        {
            errno = 0;
            return true;
        }
        errno = Marshal.GetLastPInvokeError();
        if (errno != Errno.EPERM)
            return false;
        ProtectionFlags.Clear(directory, name);
        if (RawCalls.UnlinkAt(directory, name, flags) == 0)
            return true;
        errno = Marshal.GetLastPInvokeError();
        return false;
    }

    // A directory that lies deeper than we hold descriptors for is brought up to the top of the tree.
    private static bool Hoist(int top, int parent, byte* name)
    {
        byte[] free = Terminated($"{Guid.NewGuid():N}");
        fixed (byte* to = free)
        {
            if (RawCalls.RenameAt(parent, name, top, to) == 0)
                return true;
            if (Marshal.GetLastPInvokeError() != Errno.EPERM)
                return false;
            ProtectionFlags.Clear(parent, name);
            ProtectionFlags.Clear(top, name);
            return RawCalls.RenameAt(parent, name, top, to) == 0;
        }
    }

    private static byte[] Terminated(string text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
