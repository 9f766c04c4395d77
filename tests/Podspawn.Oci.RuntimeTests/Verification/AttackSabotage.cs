namespace Podspawn.Oci.RuntimeTests.Verification;

/// <summary>A way to break a config.json so that attacks work.</summary>
/// <param name="Finding">The finding of the attacks.</param>
/// <param name="Attacks">The attacks that have to work.</param>
/// <param name="Python">How it is broken.</param>
/// <param name="Runtimes">The runtimes under which they can work.</param>
/// <param name="Flags">Flags beyond the defaults.</param>
internal sealed record AttackSabotage(string Finding, string[] Attacks, string Python, string[] Runtimes, params string[] Flags)
{
    private const string Unfiltered = "linux.pop('seccomp', None)";
    private const string Mounter = $"grant('CAP_SYS_ADMIN')\n{Unfiltered}";
    private static readonly string[] Kernel = ["runc", "crun"];
    private static readonly string[] Everywhere = ["runc", "crun", "runsc"];
    private static readonly string[] Runsc = ["runsc"];
    private static readonly string[] Few = ["--pids-limit", "32"];
    private static readonly string[] Small = ["--memory", "64m"];
    private static readonly string[] Run = ["--tmpfs", "/run:size=1m"];

    internal static IReadOnlyList<AttackSabotage> All { get; } =
    [
        new("pids_limit", ["threads", "double_fork", "user_ids", "exec"], "limits.pop('pids')", Kernel, Few),
        new("pids_limit", ["user_namespace", "pid_namespace"], $"limits.pop('pids')\n{Unfiltered}", Kernel, Few),
        new("pids_limit", ["cgroup"], Mounter, Kernel, Few),
        new("pids_limit", ["threads", "double_fork", "rlimit", "user_ids", "exec"], "process['rlimits'] = []", Runsc, Few),
        new("pids_limit", ["user_namespace", "pid_namespace"], Unfiltered, Runsc, Few),

        new("capabilities", ["user_namespace"], Unfiltered, Everywhere),
        new("capabilities", ["file_capabilities", "ambient", "exec"], "grant('CAP_SYSLOG')", Kernel, "--cap-add", "SETFCAP"),
        new("capabilities", ["exec"], "grant('CAP_SYSLOG')", Runsc),

        new("no_new_privileges", ["setuid", "file_capabilities", "exec"], "process['noNewPrivileges'] = False", Kernel, "--cap-add", "SETFCAP"),
        new("no_new_privileges", ["own_mount"], $"process['noNewPrivileges'] = False\n{Mounter}", Kernel),

        new("readonly_rootfs", ["self_root", "init_root", "descriptor"], "c['root']['readonly'] = False", Kernel, "--read-only"),
        // gVisor allows no way through /proc/1/root.
        new("readonly_rootfs", ["self_root", "descriptor"], "c['root']['readonly'] = False", Runsc, "--read-only"),
        new("readonly_rootfs", ["remount", "bind_over", "overlay"], Mounter, Kernel, "--read-only", "--rootfs", Repository.Debian),
        new("readonly_rootfs", ["user_namespace"], $"c['root']['readonly'] = False\n{Unfiltered}", Kernel, "--read-only"),

        new("tmpfs", ["map", "mprotect"], "option('/run', 'noexec', '')", Kernel, Run),
        new("tmpfs", ["loader"], "option('/run', 'noexec', '')", Kernel, [.. Run, "--rootfs", Repository.Debian]),
        new("tmpfs", ["remount"], Mounter, Kernel, Run),
        new("tmpfs", ["many_files", "holes", "links"], "option('/run', 'size=1m', 'size=8m')", Kernel, Run),
        new("tmpfs", ["holes"], "option('/run', 'size=1m', 'size=8m')", Runsc, Run),

        new("seccomp", ["clone3", "clone", "unshare", "other_thread", "tracer", "exec"], Unfiltered, Kernel),
        new("seccomp", ["unshare", "other_thread", "tracer"], Unfiltered, Runsc),
        // The Sentry does not ask its filter again after a tracer has changed a call.
        new("seccomp", ["tracer"], "next(rule for rule in linux['seccomp']['syscalls'] if 'read' in rule['names'])['names'].append('ptrace')", Runsc),
        new("seccomp", ["int80", "io_uring", "socket_domain"], Unfiltered, Kernel),

        new("masked_paths", ["self_root", "thread_self", "init_root", "task"], "linux['maskedPaths'] = []", Kernel),
        new("masked_paths", ["second_proc", "parent_bind", "unmount"], Mounter, Kernel),
        new("readonly_paths", ["self_root", "thread_self", "init_root", "task"], "linux['readonlyPaths'] = []", Kernel),
        new("readonly_paths", ["second_proc", "parent_bind", "unmount"], Mounter, Kernel),

        new("devices", ["mknod", "volume"], "grant('CAP_MKNOD')\nlimits['devices'] = [{'allow': True, 'access': 'rwm'}]", Kernel),
        new("devices", ["own_mount"], $"grant('CAP_MKNOD')\n{Mounter}\nlimits['devices'] = [{{'allow': True, 'access': 'rwm'}}]", Kernel),

        new("memory", ["shared_memory", "tmpfs", "sysv", "pipes", "page_cache"], "limits.pop('memory')", Kernel, Small),
        new("memory", ["cgroup"], Mounter, Kernel, Small),
        new("cpus", ["cgroup"], Mounter, Kernel),
        new("cpus", ["many"], "limits.pop('cpu')", Everywhere, "--cpus", "0.1"),

        new("namespaces", ["abstract_socket"], "without('network')\nlinux.pop('sysctl')", Kernel),
        new("namespaces", ["keyring"], Unfiltered, Kernel),
        new("namespaces", ["sysv"], "without('ipc')", Kernel),
        new("namespaces", ["posix_shm"],
            "mounts.remove(mount('/dev/shm'))\nmounts.append({'destination': '/dev/shm', 'type': 'bind', 'source': '/dev/shm', 'options': ['rbind', 'ro']})", Everywhere),
        new("namespaces", ["parent_process"], "without('pid')", Kernel),
        new("namespaces", ["setns"], $"without('pid')\n{Mounter}\ngrant('CAP_SYS_PTRACE')\ngrant('CAP_SYS_CHROOT')", Kernel),

        new("streams", ["environment", "exec"], "process['env'].append('LEAK=1')", Everywhere),
        new("streams", ["keyring"], $"arguments.insert(arguments.index('run') + 1, '--no-new-keyring')\n{Unfiltered}", Kernel),
    ];

    /// <summary>Attacks that never work here, whatever a config.json says, with the reason.</summary>
    internal static IReadOnlyDictionary<string, string> Hopeless { get; } = new Dictionary<string, string>
    {
        ["capabilities/ptrace"] = "only a process of the host's has more, and a test traces none of those",
        ["tmpfs/memfd"] = "what is in memory lies on no mount: it is told of, and never a shortfall",
        ["seccomp/x32"] = "the host's kernel is built without x32",
        ["readonly_rootfs/raw_device"] = "a kernel may let nobody write to a device that it has mounted",
        ["cpus/realtime"] = "a cgroup may have no realtime share, whoever asks",
        ["streams/signals"] = "the runtimes give what they start the default dispositions",
        ["streams/tiocsti"] = "a terminal that is not the process's own controlling one takes it from nobody but its host's root",
        ["streams/tioclinux"] = "the host of a test has no virtual console",
    };
}
