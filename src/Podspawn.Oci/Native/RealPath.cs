using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>The target of a path once every link on the way is followed, as the kernel names it (proc(5), /proc/self/fd).</summary>
internal static class RealPath
{
    /// <summary>The target of a path; null where it does not exist.</summary>
    internal static string? Of(string path)
    {
        using SafeFileHandle? file = PathCalls.Open(path, PathCalls.O_PATH, out _);
        return file is null ? null : Of(file);
    }

    /// <summary>The path of an open file, also of one opened with O_PATH; null where the kernel refuses to tell.</summary>
    internal static string? Of(SafeFileHandle file) =>
        File.ResolveLinkTarget(EntryCalls.PathOf(file), returnFinalTarget: false)?.FullName;
}
