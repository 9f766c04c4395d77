using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Calls with a path: our own ones (open(2)), and those below a directory that is not trusted (openat2(2)).</summary>
internal static partial class PathCalls
{
    internal const int O_RDONLY = 0;
    internal const int O_WRONLY = 1;
    internal const int O_RDWR = 2;
    internal const int O_CREAT = 0x40;
    internal const int O_EXCL = 0x80;
    internal const int O_NOCTTY = 0x100;
    internal const int O_TRUNC = 0x200;
    internal const int O_APPEND = 0x400;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;
    internal const int O_PATH = 0x200000;
    internal const int O_TMPFILE = 0x400000; // to be given with O_DIRECTORY

    // These two values are swapped between x86_64 and aarch64 (asm/fcntl.h).
    internal static readonly int O_DIRECTORY = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
    internal static readonly int O_NOFOLLOW = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>How openat2(2) resolves a path.</summary>
    [Flags]
    internal enum Resolve : ulong
    {
        NoXdev = 0x01,
        NoMagicLinks = 0x02,
        NoSymlinks = 0x04,
        Beneath = 0x08,
        InRoot = 0x10,
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary>Opens <paramref name="path"/> below <paramref name="directory"/>; null with <paramref name="errno"/> set where that fails.</summary>
    internal static unsafe SafeFileHandle? OpenBelow(
        SafeFileHandle directory, string path, int flags, Resolve resolve, out int errno, UnixFileMode mode = 0)
    {
        errno = Refusal(path);
        if (errno != 0)
            return null;
        var how = new OpenHow { Flags = (ulong)(uint)(flags | O_CLOEXEC), Mode = (ulong)mode, Resolve = (ulong)(resolve | Resolve.NoMagicLinks) };
        using var held = new HeldDescriptor(directory);
        fixed (byte* name = EntryName.Of(path).Terminated)
        {
            while (true)
            {
                nint fd = SystemCalls.Call(SystemCalls.Openat2, held.Number, (nint)name, (nint)(&how), sizeof(OpenHow));
                SafeFileHandle? opened = DescriptorCalls.Own(fd, out errno);
                // EAGAIN: the tree was renamed while the kernel walked "..": openat2(2) asks for another attempt.
                if (errno is not (Errno.EAGAIN or Errno.EINTR))
                    return opened;
            }
        }
    }

    /// <summary>Opens an entry of a directory, its link not followed: a number, or -1 with EXDEV where something is mounted there, in whatever mount namespace that is.</summary>
    internal static unsafe int OpenOnMount(int directory, byte* name, int flags)
    {
        var how = new OpenHow { Flags = (ulong)(uint)(flags | O_NOFOLLOW | O_CLOEXEC), Resolve = (ulong)(Resolve.NoXdev | Resolve.NoMagicLinks) };
        return (int)SystemCalls.Call(SystemCalls.Openat2, directory, (nint)name, (nint)(&how), sizeof(OpenHow));
    }

    /// <summary>Opens a path of ours, links followed unless the flags forbid it; programs that we start do not inherit it. Null with an error number where that fails.</summary>
    internal static unsafe SafeFileHandle? Open(string path, int flags, out int errno, UnixFileMode mode = 0)
    {
        errno = Refusal(path);
        if (errno != 0)
            return null;
        fixed (byte* name = EntryName.Of(path).Terminated)
            return DescriptorCalls.Own(RawCalls.OpenAt(RawCalls.AT_FDCWD, name, flags | O_CLOEXEC, mode), out errno);
    }

    // The kernel would end the path at a NUL, and open another file than the one that was named. Foreign documents may hold one.
    private static int Refusal(string path) => path.Contains('\0') ? Errno.EINVAL : 0;

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Mkdir(string path, UnixFileMode mode);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Rmdir(string path);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Chown(string path, uint uid, uint gid);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Chmod(string path, UnixFileMode mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    internal static partial int Flock(SafeFileHandle file, int operation);

    internal const int LOCK_SH = 1;
    internal const int LOCK_EX = 2;
    internal const int LOCK_NB = 4;
}
