namespace Podspawn.Oci.Seccomp;

/// <summary>The words that a profile may use.</summary>
internal static class ProfileVocabulary
{
    internal static readonly string[] Actions =
    [
        "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG",
        "SCMP_ACT_TRAP",
    ];

    internal static readonly string[] Operators =
    [
        "SCMP_CMP_EQ", "SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ",
    ];

    internal static readonly string[] Flags =
    [
        "SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
    ];

    // errno(3), 1 to 34: the numbers that are the same on every architecture; others have to be given as numbers.
    private static readonly string[] Errnos =
    [
        "EPERM", "ENOENT", "ESRCH", "EINTR", "EIO", "ENXIO", "E2BIG", "ENOEXEC", "EBADF", "ECHILD", "EAGAIN", "ENOMEM", "EACCES", "EFAULT",
        "ENOTBLK", "EBUSY", "EEXIST", "EXDEV", "ENODEV", "ENOTDIR", "EISDIR", "EINVAL", "ENFILE", "EMFILE", "ENOTTY", "ETXTBSY", "EFBIG",
        "ENOSPC", "ESPIPE", "EROFS", "EMLINK", "EPIPE", "EDOM", "ERANGE",
    ];

    // System calls that the default filter never opens, or opens on a condition only.
    private static readonly string[] OtherSystemCalls =
    [
        "_sysctl", "add_key", "afs_syscall", "bdflush", "break", "create_module", "ftime", "get_kernel_syms", "getpmsg", "gtty", "idle",
        "io_uring_enter", "io_uring_register", "io_uring_setup", "kexec_file_load", "kexec_load", "keyctl", "listns", "lock",
        "migrate_pages", "move_pages", "mpx", "nfsservctl", "nice", "oldfstat", "oldlstat", "oldolduname", "oldstat", "olduname",
        "open_tree_attr", "personality", "pivot_root", "prof", "profil", "putpmsg", "query_module", "readdir", "request_key", "security",
        "sgetmask", "sigaction", "signal", "sigpending", "sigsuspend", "socket", "ssetmask", "stty", "swapoff", "swapon", "sysfs",
        "tuxcall", "ulimit", "uselib", "userfaultfd", "usr26", "usr32", "ustat", "vm86", "vm86old", "vserver",
    ];

    /// <summary>Whether an action lets the call pass.</summary>
    internal static bool LetsPass(string action) => action is "SCMP_ACT_ALLOW" or "SCMP_ACT_LOG";

    /// <summary>The number of an errno, or null.</summary>
    internal static uint? Errno(string name) => Array.IndexOf(Errnos, name) switch
    {
        >= 0 and int index => (uint)index + 1,
        _ => name == "ENOSYS" ? 38 : null,
    };

    /// <summary>Whether the name has the form that all system calls' names have.</summary>
    internal static bool CanBeSystemCall(string name)
    {
        if (name.Length is 0 or > 64)
            return false;
        foreach (char character in name)
        {
            if (character is not ('_' or (>= 'a' and <= 'z') or (>= '0' and <= '9')))
                return false;
        }

        return true;
    }

    /// <summary>Whether the call is one of those that we know by name; newer kernels have more.</summary>
    internal static bool IsKnownSystemCall(string name)
    {
        foreach (CapabilityCalls group in DefaultSeccompCalls.WithCapability)
        {
            if (Array.IndexOf(group.Names, name) >= 0)
                return true;
        }

        return Array.IndexOf(DefaultSeccompCalls.Always, name) >= 0
            || Array.IndexOf(DefaultSeccompCalls.OnX64, name) >= 0
            || Array.IndexOf(DefaultSeccompCalls.OnArm64, name) >= 0
            || Array.IndexOf(DefaultSeccompCalls.Tracing, name) >= 0
            || Array.IndexOf(OtherSystemCalls, name) >= 0;
    }
}
