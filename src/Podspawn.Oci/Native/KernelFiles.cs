using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Filesystems that hold no files of anybody's but are the kernel's own face.</summary>
internal static class KernelFiles
{
    // linux/magic.h: proc, sysfs, cgroup, cgroup2, devpts, mqueue, debugfs, tracefs, securityfs, bpf.
    private static readonly HashSet<long> Types =
    [
        0x9fa0, 0x62656572, FileSystemCalls.CGROUP_SUPER_MAGIC, FileSystemCalls.CGROUP2_SUPER_MAGIC, 0x1cd1, 0x19800202, 0x64626720, 0x74726163, 0x73636673, 0xcafe4a11,
    ];

    /// <summary>Whether an open file lies on such a one.</summary>
    internal static bool Are(SafeFileHandle file) => Types.Contains(FileSystemCalls.FileSystemType(EntryCalls.PathOf(file)));
}
