using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Removes a directory tree whose content may come from a container, by descriptors: no path grows longer than the kernel accepts.</summary>
internal static unsafe class TreeRemoval
{
    // Each level costs a descriptor.
    private const int DeepestLevel = 64;

    /// <summary>
    /// Removes the tree, however deep it is and whatever flags protect it; a missing one is not an error. Links are removed, never followed, and no
    /// mount is entered, so that its content stays.
    /// </summary>
    internal static void Remove(string path)
    {
        byte[] name = Terminated(path);
        fixed (byte* start = name)
        {
            while (true)
            {
                if (Unlink(RawCalls.AT_FDCWD, start, RawCalls.AT_REMOVEDIR, out int errno))
                    return;
                if (errno == Errno.ENOTDIR)
                    _ = Unlink(RawCalls.AT_FDCWD, start, 0, out _);
                if (errno != Errno.ENOTEMPTY)
                    return;
                int fd = RawCalls.OpenAt(RawCalls.AT_FDCWD, start, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY | PathCalls.O_NOFOLLOW | PathCalls.O_CLOEXEC, 0);
                if (fd < 0)
                    return;
                using (new SafeFileHandle(fd, ownsHandle: true))
                {
                    // Directories that were too deep have been moved to the top by then, and are removed in the next round.
                    int removed = 0;
                    RemoveEntries(fd, fd, DeepestLevel, ref removed);
                    if (removed == 0)
                        return;
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
        var entries = new DirectoryEntries(directory, buffer, BufferSize);
        while (entries.MoveNext())
        {
            if (!entries.IsDirectory && Unlink(directory, entries.Name, 0, out _))
                removed++;
            else
                RemoveDirectory(top, directory, entries.Name, levels - 1, ref removed);
        }
    }

    // A container may have set flags on its files that prevent even root from removing them.
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

    // A directory that is deeper than we have descriptors for is moved to the top of the tree.
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
