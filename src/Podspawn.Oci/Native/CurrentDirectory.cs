using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>The directory that we were called in may be gone by then, and much of .NET fails without one: to start a program, for example.</summary>
internal static unsafe partial class CurrentDirectory
{
    // Empty on every Linux, and nothing can be made there: a relative path fails as it does in a directory that is gone.
    private const string Nowhere = "/proc/tty/ldisc";
    private const int Room = 4096;

    /// <summary>Leaves it where it is gone.</summary>
    /// <returns>Whether it was.</returns>
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
