using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>
/// Functions of the C library that more than one type here needs, as they are: numbers and pointers, -1 with an error number for a failure. A function
/// that one type alone needs is declared there.
/// </summary>
internal static unsafe partial class RawCalls
{
    internal const int AT_FDCWD = -100;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const int AT_REMOVEDIR = 0x200;
    internal const int AT_SYMLINK_FOLLOW = 0x400;
    internal const int AT_EMPTY_PATH = 0x1000;

    internal const int F_GETFD = 1;
    internal const int F_SETFD = 2;
    internal const int F_GETFL = 3;
    internal const int F_SETFL = 4;
    internal const int F_DUPFD_CLOEXEC = 1030;
    internal const int F_SETPIPE_SZ = 1031;
    internal const int F_ADD_SEALS = 1033;
    internal const int FD_CLOEXEC = 1;

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    internal static partial int OpenAt(int directory, byte* name, int flags, UnixFileMode mode);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    internal static partial int MkdirAt(int directory, byte* name, UnixFileMode mode);

    [LibraryImport("libc", EntryPoint = "mknodat", SetLastError = true)]
    internal static partial int MknodAt(int directory, byte* name, uint typeAndMode, ulong device);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    internal static partial int UnlinkAt(int directory, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    internal static partial int RenameAt(int fromDirectory, byte* from, int toDirectory, byte* to);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    internal static partial int StatX(int directory, byte* name, int flags, uint mask, FileStatus* result);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    internal static partial int FChmod(int file, UnixFileMode mode);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int Fcntl(int file, int command, int argument);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    internal static partial int Dup2(int from, int to);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int IoControl(int file, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MemfdCreate(string label, uint flags);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    internal static partial int Prctl(int option, nuint a, nuint b, nuint c, nuint d);

    /// <summary>Sets what a signal does, and answers what it did before (signal(2)).</summary>
    [LibraryImport("libc", EntryPoint = "signal")]
    internal static partial nint SetDisposition(int signal, nint handler);
}
