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

    // By the kernel's numbers (asm-generic/resource.h), with docker's names.
    private static readonly string[] Names =
        ["cpu", "fsize", "data", "stack", "core", "rss", "nproc", "nofile", "memlock", "as", "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime"];

    /// <summary>All hard limits by docker's names.</summary>
    internal static IReadOnlyDictionary<string, ulong> AllHard()
    {
        var limits = new Dictionary<string, ulong>(Names.Length);
        for (int i = 0; i < Names.Length; i++)
            limits[Names[i]] = Hard(i);
        return limits;
    }

    /// <summary>The hard limit; <see cref="ulong.MaxValue"/> is RLIM_INFINITY.</summary>
    internal static ulong Hard(int resource) => Of(resource).Hard;

    /// <summary>How many files a process of ours may be allowed to have open.</summary>
    internal static ulong OpenFilesHard()
    {
        const int RLIMIT_NOFILE = 7;
        return Hard(RLIMIT_NOFILE);
    }

    /// <summary>The limit on a process's stack, in bytes, that what we start inherits.</summary>
    internal static ulong Stack()
    {
        const int RLIMIT_STACK = 3;
        return Of(RLIMIT_STACK).Soft;
    }

    private static unsafe RLimit Of(int resource)
    {
        RLimit limit;
        return GetRLimit(resource, &limit) == 0 ? limit : new RLimit { Soft = ulong.MaxValue, Hard = ulong.MaxValue };
    }
}
