
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

    // System calls that the default filter never allows, or only under a condition.
    private static readonly string[] OtherSystemCalls =
    [
        "_sysctl", "add_key", "afs_syscall", "bdflush", "break", "create_module", "file_getattr", "file_setattr", "ftime",
        "get_kernel_syms", "getpmsg", "gtty", "idle", "io_uring_enter", "io_uring_register", "io_uring_setup", "kexec_file_load",
        "kexec_load", "keyctl", "listns", "lock", "migrate_pages", "move_pages", "mpx", "nfsservctl", "nice", "oldfstat", "oldlstat",
        "oldolduname", "oldstat", "olduname", "open_tree_attr", "personality", "pivot_root", "prof", "profil", "putpmsg", "query_module",
        "readdir", "request_key", "rseq_slice_yield", "security", "sgetmask", "sigaction", "signal", "sigpending", "sigsuspend", "socket",
        "socketcall", "ssetmask", "stty", "swapoff", "swapon", "sysfs", "tuxcall", "ulimit", "uselib", "userfaultfd", "usr26", "usr32", "ustat", "vm86",
        "vm86old", "vserver",
    ];

    // Calls of processors that we do not support, and two names that only libseccomp has: a profile may be written for many architectures.
    private static readonly string[] ForeignSystemCalls =
    [
        "cachectl", "get_tls", "multiplexer", "pciconfig_iobase", "pciconfig_read", "pciconfig_write", "riscv_flush_icache",
        "riscv_hwprobe", "rtas", "s390_guarded_storage", "s390_pci_mmio_read", "s390_pci_mmio_write", "s390_runtime_instr", "s390_sthyi",
        "spu_create", "spu_run", "subpage_prot", "swapcontext", "switch_endian", "sys_debug_setcontext", "syscall", "sysmips", "timerfd",
    ];

    /// <summary>Whether an action allows the call.</summary>
    internal static bool LetsPass(string action) => action is "SCMP_ACT_ALLOW" or "SCMP_ACT_LOG";

    /// <summary>The number of an errno, or null.</summary>
    internal static uint? Errno(string name) => Array.IndexOf(Errnos, name) switch
    {
        >= 0 and int index => (uint)index + 1,
        _ => name == "ENOSYS" ? 38 : null,
    };

    /// <summary>Whether a text has the form of a system call's name.</summary>
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

    /// <summary>Every system call that we know by name; newer kernels have more.</summary>
    internal static IReadOnlySet<string> SystemCalls => KnownSystemCalls.Value;

    private static readonly Lazy<HashSet<string>> KnownSystemCalls = new(() =>
    [
        .. DefaultSeccompCalls.Always, .. DefaultSeccompCalls.OnX64, .. DefaultSeccompCalls.OnArm64, .. DefaultSeccompCalls.Tracing,
        .. DefaultSeccompCalls.WithCapability.SelectMany(group => group.Names), .. OtherSystemCalls, .. ForeignSystemCalls,
    ]);
}
