using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>Our own resource limits (getrlimit(2)).</summary>
internal static partial class Limits
{
    [StructLayout(LayoutKind.Sequential)]
    private struct RLimit
    {
        public ulong Soft;
        public ulong Hard;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static unsafe partial int GetRLimit(int resource, RLimit* limit);

    /// <summary>The hard limit; <see cref="ulong.MaxValue"/> is RLIM_INFINITY.</summary>
    internal static unsafe ulong Hard(int resource)
    {
        RLimit limit;
        return GetRLimit(resource, &limit) == 0 ? limit.Hard : ulong.MaxValue;
    }
}
