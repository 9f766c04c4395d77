using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Removing a directory tree by descriptors: no link is followed, and no path grows longer than the kernel takes.</summary>
internal static unsafe partial class DirectoryCalls
{
    // Deeper trees are left to the caller: each level holds a descriptor.
    private const int DeepestLevel = 64;
    private const int AT_FDCWD = -100;
    private const int AT_REMOVEDIR = 0x200;
    private const byte DT_DIR = 4;
    private static readonly nint NumberOfGetdents64 = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 61 : 217;

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(int directory, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int UnlinkAt(int directory, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, int directory, byte* buffer, nuint length);

    /// <summary>Removes a tree; a missing one counts as removed. False when something is still there.</summary>
    internal static bool RemoveTree(string path)
    {
        byte[] name = new byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        Encoding.UTF8.GetBytes(path, name);
        fixed (byte* start = name)
            return RemoveDirectory(AT_FDCWD, start, DeepestLevel);
    }

    private static bool RemoveDirectory(int parent, byte* name, int levels)
    {
        if (UnlinkAt(parent, name, AT_REMOVEDIR) == 0)
            return true;
        int errno = Marshal.GetLastPInvokeError();
        if (errno == Errno.ENOENT)
            return true;
        if (errno != Errno.ENOTEMPTY || levels == 0)
            return false;
        int fd = OpenAt(parent, name, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY | PathCalls.O_NOFOLLOW | PathCalls.O_CLOEXEC);
        if (fd < 0)
            return false;
        using (new SafeFileHandle(fd, ownsHandle: true))
        {
            if (!RemoveEntries(fd, levels))
                return false;
        }
        return UnlinkAt(parent, name, AT_REMOVEDIR) == 0;
    }

    private static bool RemoveEntries(int directory, int levels)
    {
        const int BufferSize = 4096;
        byte* buffer = stackalloc byte[BufferSize];
        while (true)
        {
            nint length = SystemCall(NumberOfGetdents64, directory, buffer, BufferSize);
            if (length <= 0)
                return length == 0;
            // struct linux_dirent64: inode (8), offset (8), record length (2), type (1), name (getdents64(2)).
            for (byte* entry = buffer; entry < buffer + length; entry += *(ushort*)(entry + 16))
            {
                byte* name = entry + 19;
                if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0)))
                    continue;
                bool removed = entry[18] != DT_DIR && UnlinkAt(directory, name, 0) == 0;
                if (!removed && !RemoveDirectory(directory, name, levels - 1))
                    return false;
            }
        }
    }
}
