using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>The directory in which we were called may have been removed, and much of .NET fails without one: starting a program, for example.</summary>
internal static unsafe partial class CurrentDirectory
{
    // It is empty on every Linux, and nothing can be created there: a relative path fails as it does in a removed directory.
    private const string Nowhere = "/proc/tty/ldisc";
    private const int Room = 4096;

    /// <summary>Leaves the current directory where it was removed.</summary>
    /// <returns>Whether it was removed.</returns>
    internal static bool LeaveIfGone()
    {
        byte* path = stackalloc byte[Room];
        if (Get(path, Room) != null || Marshal.GetLastPInvokeError() != Errno.ENOENT)
            return false;
        _ = Change(Nowhere);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "getcwd", SetLastError = true)]
    private static partial byte* Get(byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "chdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Change(string path);
}
