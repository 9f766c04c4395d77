using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Where a path leads once every link on the way is followed, as the kernel names it (proc(5), /proc/self/fd).</summary>
internal static class RealPath
{
    /// <summary>Of a path; null where there is nothing.</summary>
    internal static string? Of(string path)
    {
        int fd = PathCalls.Open(path, PathCalls.O_PATH | PathCalls.O_CLOEXEC);
        if (fd < 0)
            return null;
        using var file = new SafeFileHandle(fd, ownsHandle: true);
        return Of(file);
    }

    /// <summary>Of an open file, one opened with O_PATH included; null where the kernel does not tell.</summary>
    internal static string? Of(SafeFileHandle file) =>
        File.ResolveLinkTarget(EntryCalls.PathOf(file), returnFinalTarget: false)?.FullName;
}
