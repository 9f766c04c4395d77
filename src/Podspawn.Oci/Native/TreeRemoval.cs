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
            _ = Remove(RawCalls.AT_FDCWD, start, keepsProtected: false);
    }

    /// <summary>
    /// Removes an entry of an open directory with all that is below it. A file that flags protect stays, and so does all that holds one; nothing below a mount goes,
    /// also where only another mount namespace has it.
    /// </summary>
    /// <returns>0, also where there is no such entry, or an error number: ENOTEMPTY where a part has stayed.</returns>
    internal static int Remove(SafeFileHandle directory, EntryName name)
    {
        using var held = new HeldDescriptor(directory);
        fixed (byte* start = name.Terminated)
            return Remove(held.Number, start, keepsProtected: true) is var errno && errno == Errno.ENOENT ? 0 : errno;
    }

    private static int Remove(int directory, byte* name, bool keepsProtected)
    {
        while (true)
        {
            if (Unlink(directory, name, RawCalls.AT_REMOVEDIR, keepsProtected, out int errno))
                return 0;
            if (errno == Errno.ENOTDIR)
                return Unlink(directory, name, 0, keepsProtected, out errno) ? 0 : errno;
            if (errno != Errno.ENOTEMPTY)
                return errno;
            int fd = directory == RawCalls.AT_FDCWD
                ? RawCalls.OpenAt(directory, name, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY | PathCalls.O_NOFOLLOW | PathCalls.O_CLOEXEC, 0)
                : PathCalls.OpenOnMount(directory, name, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY);
            if (fd < 0)
                return Marshal.GetLastPInvokeError();
            using (new SafeFileHandle(fd, ownsHandle: true))
            {
                // Directories that were too deep have been moved to the top by then, and are removed in the next round.
                int removed = 0;
                RemoveEntries(new Removal(fd, keepsProtected), fd, DeepestLevel, ref removed);
                if (removed == 0)
                    return Errno.ENOTEMPTY;
            }
        }
    }

    private static void RemoveDirectory(Removal removal, int parent, byte* name, int levels, ref int removed)
    {
        if (Unlink(parent, name, RawCalls.AT_REMOVEDIR, removal.KeepsProtected, out int errno))
        {
            removed++;
            return;
        }
        if (errno != Errno.ENOTEMPTY)
            return;
        if (levels == 0)
        {
            if (Hoist(removal, parent, name))
                removed++;
            return;
        }
        int fd = PathCalls.OpenOnMount(parent, name, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY);
        if (fd < 0)
            return;
        using (new SafeFileHandle(fd, ownsHandle: true))
            RemoveEntries(removal, fd, levels, ref removed);
        if (Unlink(parent, name, RawCalls.AT_REMOVEDIR, removal.KeepsProtected, out _))
            removed++;
    }

    private static void RemoveEntries(Removal removal, int directory, int levels, ref int removed)
    {
        const int BufferSize = 4096;
        byte* buffer = stackalloc byte[BufferSize];
        var entries = new DirectoryEntries(directory, buffer, BufferSize);
        while (entries.MoveNext())
        {
            if (!entries.IsDirectory && Unlink(directory, entries.Name, 0, removal.KeepsProtected, out _))
                removed++;
            else
                RemoveDirectory(removal, directory, entries.Name, levels - 1, ref removed);
        }
    }

    // A container may have set flags on its files that prevent even root from removing them.
    private static bool Unlink(int directory, byte* name, int flags, bool keepsProtected, out int errno)
    {
        if (RawCalls.UnlinkAt(directory, name, flags) == 0)
        {
            errno = 0;
            return true;
        }
        errno = Marshal.GetLastPInvokeError();
        if (errno != Errno.EPERM || keepsProtected)
            return false;
        ProtectionFlags.Clear(directory, name);
        if (RawCalls.UnlinkAt(directory, name, flags) == 0)
            return true;
        errno = Marshal.GetLastPInvokeError();
        return false;
    }

    // A directory that is deeper than we have descriptors for is moved to the top of the tree.
    private static bool Hoist(Removal removal, int parent, byte* name)
    {
        byte[] free = Terminated($"{Guid.NewGuid():N}");
        fixed (byte* to = free)
        {
            if (RawCalls.RenameAt(parent, name, removal.Top, to) == 0)
                return true;
            if (Marshal.GetLastPInvokeError() != Errno.EPERM || removal.KeepsProtected)
                return false;
            ProtectionFlags.Clear(parent, name);
            ProtectionFlags.Clear(removal.Top, name);
            return RawCalls.RenameAt(parent, name, removal.Top, to) == 0;
        }
    }

    // The top of a tree that is being removed, open, and whether files that flags protect stay.
    private readonly record struct Removal(int Top, bool KeepsProtected);

    private static byte[] Terminated(string text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
