using Podspawn.Oci.Capabilities;

namespace Podspawn.Oci.Seccomp;

/// <summary>
/// The calls of Docker's default filter, as data. Calls of all architectures are listed together: a runtime ignores a name that an architecture
/// lacks, and one that its libseccomp is too old to know, so that this call stays refused.
/// </summary>
internal static class DefaultSeccompCalls
{
    /// <summary>Always allowed: first the most frequent calls, for runtimes that preserve the order; the rest by name.</summary>
    internal static readonly string[] Always =
    [
        "read", "write", "close", "fstat", "newfstatat", "mmap", "munmap", "mprotect", "brk", "openat", "lseek", "futex",
        "rt_sigaction", "rt_sigprocmask", "ioctl", "pread64", "pwrite64", "poll", "epoll_wait", "epoll_pwait", "epoll_ctl",
        "recvfrom", "sendto", "recvmsg", "sendmsg", "readv", "writev", "clock_gettime", "nanosleep", "clock_nanosleep", "fcntl",
        "statx", "getpid", "gettid", "madvise", "sched_yield", "execve", "exit_group", "wait4",

        "accept", "accept4", "access", "adjtimex", "alarm", "bind", "cachestat", "capget", "capset", "chdir", "chmod", "chown",
        "chown32", "clock_adjtime", "clock_adjtime64", "clock_getres", "clock_getres_time64", "clock_gettime64",
        "clock_nanosleep_time64", "close_range", "connect", "copy_file_range", "creat", "dup", "dup2", "dup3", "epoll_create",
        "epoll_create1", "epoll_ctl_old", "epoll_pwait2", "epoll_wait_old", "eventfd", "eventfd2", "execveat", "exit",
        "faccessat", "faccessat2", "fadvise64", "fadvise64_64", "fallocate", "fanotify_mark", "fchdir", "fchmod", "fchmodat",
        "fchmodat2", "fchown", "fchown32", "fchownat", "fcntl64", "fdatasync", "fgetxattr", "flistxattr", "flock", "fork",
        "fremovexattr", "fsetxattr", "fstat64", "fstatat64", "fstatfs", "fstatfs64", "fsync", "ftruncate", "ftruncate64",
        "futex_requeue", "futex_time64", "futex_wait", "futex_waitv", "futex_wake", "futimesat", "get_robust_list",
        "get_thread_area", "getcpu", "getcwd", "getdents", "getdents64", "getegid", "getegid32", "geteuid", "geteuid32", "getgid",
        "getgid32", "getgroups", "getgroups32", "getitimer", "getpeername", "getpgid", "getpgrp", "getppid", "getpriority",
        "getrandom", "getresgid", "getresgid32", "getresuid", "getresuid32", "getrlimit", "getrusage", "getsid", "getsockname",
        "getsockopt", "gettimeofday", "getuid", "getuid32", "getxattr", "getxattrat", "inotify_add_watch", "inotify_init",
        "inotify_init1", "inotify_rm_watch", "io_cancel", "io_destroy", "io_getevents", "io_pgetevents", "io_pgetevents_time64",
        "io_setup", "io_submit", "ioprio_get", "ioprio_set", "ipc", "kill", "landlock_add_rule", "landlock_create_ruleset",
        "landlock_restrict_self", "lchown", "lchown32", "lgetxattr", "link", "linkat", "listen", "listmount", "listxattr",
        "listxattrat", "llistxattr", "_llseek", "lremovexattr", "lsetxattr", "lstat", "lstat64", "map_shadow_stack", "membarrier",
        "memfd_create", "memfd_secret", "mincore", "mkdir", "mkdirat", "mknod", "mknodat", "mlock", "mlock2", "mlockall", "mmap2",
        "mq_getsetattr", "mq_notify", "mq_open", "mq_timedreceive", "mq_timedreceive_time64", "mq_timedsend",
        "mq_timedsend_time64", "mq_unlink", "mremap", "mseal", "msgctl", "msgget", "msgrcv", "msgsnd", "msync", "munlock",
        "munlockall", "name_to_handle_at", "_newselect", "open", "openat2", "pause", "pidfd_open", "pidfd_send_signal", "pipe",
        "pipe2", "pkey_alloc", "pkey_free", "pkey_mprotect", "ppoll", "ppoll_time64", "prctl", "preadv", "preadv2", "prlimit64",
        "process_mrelease", "pselect6", "pselect6_time64", "pwritev", "pwritev2", "readahead", "readlink", "readlinkat", "recv",
        "recvmmsg", "recvmmsg_time64", "remap_file_pages", "removexattr", "removexattrat", "rename", "renameat", "renameat2",
        "restart_syscall", "rmdir", "rseq", "rt_sigpending", "rt_sigqueueinfo", "rt_sigreturn", "rt_sigsuspend",
        "rt_sigtimedwait", "rt_sigtimedwait_time64", "rt_tgsigqueueinfo", "sched_get_priority_max", "sched_get_priority_min",
        "sched_getaffinity", "sched_getattr", "sched_getparam", "sched_getscheduler", "sched_rr_get_interval",
        "sched_rr_get_interval_time64", "sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler", "seccomp",
        "select", "semctl", "semget", "semop", "semtimedop", "semtimedop_time64", "send", "sendfile", "sendfile64", "sendmmsg",
        "set_robust_list", "set_thread_area", "set_tid_address", "setfsgid", "setfsgid32", "setfsuid", "setfsuid32", "setgid",
        "setgid32", "setgroups", "setgroups32", "setitimer", "setpgid", "setpriority", "setregid", "setregid32", "setresgid",
        "setresgid32", "setresuid", "setresuid32", "setreuid", "setreuid32", "setrlimit", "setsid", "setsockopt", "setuid",
        "setuid32", "setxattr", "setxattrat", "shmat", "shmctl", "shmdt", "shmget", "shutdown", "sigaltstack", "signalfd",
        "signalfd4", "sigprocmask", "sigreturn", "socketpair", "splice", "stat", "stat64", "statfs", "statfs64",
        "statmount", "symlink", "symlinkat", "sync", "sync_file_range", "syncfs", "sysinfo", "tee", "tgkill", "time",
        "timer_create", "timer_delete", "timer_getoverrun", "timer_gettime", "timer_gettime64", "timer_settime",
        "timer_settime64", "timerfd_create", "timerfd_gettime", "timerfd_gettime64", "timerfd_settime", "timerfd_settime64",
        "times", "tkill", "truncate", "truncate64", "ugetrlimit", "umask", "uname", "unlink", "unlinkat", "uretprobe", "utime",
        "utimensat", "utimensat_time64", "utimes", "vfork", "vmsplice", "waitid", "waitpid",
    ];

    /// <summary>Allowed on x86_64 and its sub-architectures.</summary>
    internal static readonly string[] OnX64 = ["arch_prctl", "modify_ldt"];

    /// <summary>Allowed on aarch64 and its sub-architecture.</summary>
    internal static readonly string[] OnArm64 =
    [
        "arm_fadvise64_64", "arm_sync_file_range", "breakpoint", "cacheflush", "set_tls", "sync_file_range2",
    ];

    /// <summary>Always allowed from Linux 4.8 on: before that, ptrace could bypass a filter (seccomp(2), "Notes").</summary>
    internal static readonly string[] Tracing = ["process_vm_readv", "process_vm_writev", "ptrace"];

    /// <summary>Allowed with a capability in the bounding set.</summary>
    internal static readonly CapabilityCalls[] WithCapability =
    [
        new(Capability.DacReadSearch, ["open_by_handle_at"]),
        new(Capability.SysAdmin,
        [
            "bpf", "clone", "clone3", "fanotify_init", "fsconfig", "fsmount", "fsopen", "fspick", "lookup_dcookie",
            "lsm_get_self_attr", "lsm_list_modules", "lsm_set_self_attr", "mount", "mount_setattr", "move_mount", "open_tree",
            "perf_event_open", "quotactl", "quotactl_fd", "setdomainname", "sethostname", "setns", "syslog", "umount", "umount2",
            "unshare",
        ]),
        new(Capability.SysBoot, ["reboot"]),
        new(Capability.SysChroot, ["chroot"]),
        new(Capability.SysModule, ["delete_module", "finit_module", "init_module"]),
        new(Capability.SysPacct, ["acct"]),
        new(Capability.SysPtrace, ["kcmp", "pidfd_getfd", "process_madvise", "process_vm_readv", "process_vm_writev", "ptrace"]),
        new(Capability.SysRawio, ["ioperm", "iopl"]),
        new(Capability.SysTime, ["clock_settime", "clock_settime64", "settimeofday", "stime"]),
        new(Capability.SysTtyConfig, ["vhangup"]),
        new(Capability.SysNice, ["get_mempolicy", "mbind", "set_mempolicy", "set_mempolicy_home_node"]),
        new(Capability.Syslog, ["syslog"]),
        new(Capability.Bpf, ["bpf"]),
        new(Capability.Perfmon, ["perf_event_open"]),
    ];
}

/// <summary>Calls that a capability allows.</summary>
internal sealed record CapabilityCalls(Capability Capability, string[] Names);
