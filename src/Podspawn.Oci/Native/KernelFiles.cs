using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// Filesystems that contain no stored files but represent the kernel itself. Reading there can wait for ever, or consume something: the kernel's log
/// is gone from /proc/kmsg once it is read. Their files look like regular ones.
/// </summary>
internal static class KernelFiles
{
    // linux/magic.h, and the sources of filesystems that are not in it.
    private static readonly HashSet<long> Types =
    [
        0x9fa0, 0x62656572, FileSystemCalls.CGROUP_SUPER_MAGIC, FileSystemCalls.CGROUP2_SUPER_MAGIC, // proc, sysfs
        0x1cd1, 0x19800202, 0x64626720, 0x74726163, 0x73636673, 0xcafe4a11, // devpts, mqueue, debugfs, tracefs, securityfs, bpf
        0x62656570, 0x6165676c, 0xde5e81e4, 0xf97cff8c, 0x43415d53, 0x5a3c69f0, // configfs, pstore, efivarfs, selinuxfs, smackfs, AppArmor's
        0x42494e4d, 0x65735543, 0x6e736673, 0x09041934, 0x7655821, 0x6e667364, // binfmt_misc, fusectl, nsfs, anonymous inodes, resctrl, nfsd
        0x67596969, 0xaee71ee7, 0x0a647361, 0xabba1974, 0x9fa1, 0x9fa2, // rpc_pipefs, gadgetfs, functionfs, xenfs, openpromfs, usbfs
    ];

    /// <summary>Whether an open file, also one opened with O_PATH, lies on such a filesystem. True where the kernel refuses to tell.</summary>
    internal static bool Are(SafeFileHandle file) => FileSystemCalls.FileSystemType(file) is var type && (type == 0 || Types.Contains(type));

    /// <summary>Whether the file at a path, links followed, lies on such a filesystem.</summary>
    internal static bool AreAt(string path) => Types.Contains(FileSystemCalls.FileSystemType(path));
}
