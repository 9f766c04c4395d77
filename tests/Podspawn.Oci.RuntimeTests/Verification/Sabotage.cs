namespace Podspawn.Oci.RuntimeTests.Verification;

/// <summary>A way to break a config.json, and the findings that must detect it.</summary>
/// <param name="Name">A short description.</param>
/// <param name="Python">How it is done.</param>
/// <param name="Word">A text that a shortfall has to contain.</param>
/// <param name="Findings">The findings that have to fall short, no others; the first one contains the text.</param>
/// <param name="Runtimes">The runtimes that themselves enforce what is broken.</param>
/// <param name="Flags">Flags beyond the defaults.</param>
internal sealed record Sabotage(string Name, string Python, string Word, string[] Findings, string[] Runtimes, params string[] Flags)
{
    private static readonly string[] Kernel = ["runc", "crun"];
    private static readonly string[] Everywhere = ["runc", "crun", "runsc"];
    private static readonly string[] Runsc = ["runsc"];
    // In a user namespace, which no filter refuses then, the limits of its own cgroup can be written to.
    private static readonly string[] Unfiltered = ["capabilities", "pids_limit", "seccomp", "namespaces", "cpus", "memory"];
    private static readonly string[] Locked = ["--read-only", "--tmpfs", "/tmp:size=8m", "--tmpfs", "/run:size=1m"];

    internal static IReadOnlyList<Sabotage> All { get; } =
    [
        // The capability sets.
        new("an effective capability more", "grant('CAP_SYSLOG')", "effective set has SYSLOG", ["capabilities"], Everywhere),
        new("a bounding capability more", "capabilities['bounding'].append('CAP_SYSLOG')", "bounding set has SYSLOG", ["capabilities"], Everywhere),
        new("a permitted capability more", "for set in 'bounding', 'permitted': capabilities[set].append('CAP_SYSLOG')", "permitted set has SYSLOG", ["capabilities"], Everywhere),
        new("a capability less", "for set in capabilities: capabilities[set] = [x for x in capabilities[set] or [] if x != 'CAP_FOWNER']", "lacks FOWNER", ["capabilities"],
            Everywhere),
        new("inheritable capabilities", "capabilities['inheritable'] = ['CAP_CHOWN']", "inheritable set has CHOWN", ["capabilities"], Everywhere),
        // gVisor has no ambient set.
        new("an ambient capability", "capabilities['inheritable'] = ['CAP_CHOWN']\ncapabilities['ambient'] = ['CAP_CHOWN']", "ambient set has CHOWN", ["capabilities"], Kernel),
        new("another user", "process['user'] = {'uid': 0, 'gid': 0}", "effective set has CHOWN", ["capabilities", "privileged_calls", "no_new_privileges"], Kernel, "-u", "1000"),

        // What they permit. gVisor allows mknod to every process.
        new("a raw socket", "grant('CAP_NET_RAW')", "raw_socket works", ["privileged_calls", "capabilities"], Kernel),
        // gVisor removes the capability from the spec without the flag.
        new("a raw socket in gVisor", "grant('CAP_NET_RAW')\narguments.insert(0, '--net-raw')", "raw_socket works", ["privileged_calls", "capabilities"], Runsc),
        new("a chroot", "grant('CAP_SYS_CHROOT')\nlinux.pop('seccomp', None)", "chroot works", ["privileged_calls", .. Unfiltered], Kernel),
        new("a chroot in gVisor", "grant('CAP_SYS_CHROOT')\nlinux.pop('seccomp', None)", "chroot works", ["privileged_calls", "capabilities"], Runsc),
        new("a device file", "grant('CAP_MKNOD')", "mknod works", ["privileged_calls", "capabilities"], Kernel),
        new("another's process", "grant('CAP_SYS_PTRACE')", "ptrace works", ["privileged_calls", "capabilities"], Kernel),
        new("another's process in gVisor", "grant('CAP_SYS_PTRACE')\nnext(rule for rule in linux['seccomp']['syscalls'] if 'read' in rule['names'])['names'].append('ptrace')",
            "ptrace works", ["privileged_calls", "capabilities"], Runsc),
        new("a mount", "grant('CAP_SYS_ADMIN')\nlinux.pop('seccomp', None)", "mount works",
            ["privileged_calls", "capabilities", "pids_limit", "seccomp", "masked_paths", "readonly_paths", "namespaces", "cpus", "memory"], Kernel),
        new("a mount in gVisor", "grant('CAP_SYS_ADMIN')\nlinux.pop('seccomp', None)", "mount works", ["privileged_calls", "capabilities"], Runsc),
        new("a low port", "grant('CAP_NET_BIND_SERVICE')", "bind works", ["privileged_calls", "capabilities"], Kernel, "--cap-drop", "NET_BIND_SERVICE"),
        new("an owner", "grant('CAP_CHOWN')", "chown works", ["privileged_calls", "capabilities"], Everywhere, "--cap-drop", "CHOWN"),
        new("another user id", "grant('CAP_SETUID')", "setuid works", ["privileged_calls", "capabilities"], Everywhere, "--cap-drop", "SETUID"),
        new("no owner", "for set in capabilities: capabilities[set] = [x for x in capabilities[set] or [] if x != 'CAP_CHOWN']", "chown fails",
            ["privileged_calls", "capabilities"], Everywhere),

        // no_new_privs. gVisor grants nothing in either case.
        new("new privileges", "process['noNewPrivileges'] = False", "asked for 1", ["no_new_privileges"], Kernel),
        new("new privileges for a user", "process['noNewPrivileges'] = False", "set-user-id program became user 65533", ["no_new_privileges"], Kernel, "-u", "1000"),

        // The number of tasks.
        new("no pids limit", "limits['pids'] = {'limit': -1 if 'runc' in real and 'crun' not in real else 0}", "more than 32", ["pids_limit"], Kernel, "--pids-limit", "32"),
        new("no pids section", "limits.pop('pids')", "more than 32", ["pids_limit"], Kernel, "--pids-limit", "32"),
        new("a higher pids limit", "limits['pids']['limit'] += 1", "more than 32", ["pids_limit"], Kernel, "--pids-limit", "32"),
        new("a lower pids limit", "limits['pids']['limit'] -= 1", "32 were asked for", ["pids_limit"], Kernel, "--pids-limit", "32"),
        new("a limit far below", "limits['pids']['limit'] = 20", "below the limit", ["pids_limit"], Kernel, "--pids-limit", "2000"),
        new("a limit that nobody asked for", "limits['pids'] = {'limit': 20}", "below the limit", ["pids_limit"], Kernel, "--pids-limit", "0"),
        new("no RLIMIT_NPROC", "process['rlimits'] = []", "more than 32", ["pids_limit"], Runsc, "--pids-limit", "32"),
        new("a higher RLIMIT_NPROC", "for limit in process['rlimits']: limit['soft'] += 1; limit['hard'] += 1", "more than 32", ["pids_limit"], Runsc, "--pids-limit", "32"),
        new("another backing limit", "limits['pids']['limit'] *= 2", "pids.max", ["pids_limit"], Runsc, "--pids-limit", "32"),

        // The read-only root.
        new("a writable root", "c['root']['readonly'] = False", "/ can be written to", ["readonly_rootfs"], Everywhere, Locked),
        new("a read-only root", "c['root']['readonly'] = True", "asked for a writable root", ["readonly_rootfs"], Everywhere),
        new("a tmpfs over /etc", "mounts.append({'destination': '/etc', 'type': 'tmpfs', 'source': 'tmpfs'})", "/etc can be written to", ["readonly_rootfs"], Everywhere, Locked),
        new("a writable directory of the host", "mounts.append({'destination': '/opt', 'type': 'bind', 'source': os.path.dirname(sys.argv[0]), 'options': ['rbind']})",
            "/opt can be written to", ["readonly_rootfs"], Everywhere, Locked),
        new("a writable file of the host", "mounts.append({'destination': '/opt', 'type': 'bind', 'source': sys.argv[0] + '.file', 'options': ['bind']})\nopen(sys.argv[0] + " +
            "'.file', 'w').close()", "/opt can be written to", ["readonly_rootfs"], Everywhere, Locked),

        // tmpfs. gVisor neither shows nor needs nosuid and nodev.
        new("no tmpfs", "mounts.remove(mount('/run'))", "/run is no tmpfs", ["tmpfs"], Everywhere, "--tmpfs", "/run:size=1m"),
        new("a larger tmpfs", "option('/run', 'size=1m', 'size=2m')", "/run", ["tmpfs"], Everywhere, "--tmpfs", "/run:size=1m"),
        new("a tmpfs without a size", "option('/run', 'size=1m', '')", "/run", ["tmpfs"], Everywhere, "--tmpfs", "/run:size=1m"),
        new("a smaller tmpfs", "option('/run', 'size=1m', 'size=512k')", "/run", ["tmpfs"], Everywhere, "--tmpfs", "/run:size=1m"),
        new("a larger large tmpfs", "option('/run', 'size=1g', 'size=2g')", "/run has 2147483648 bytes", ["tmpfs"], Kernel, "--tmpfs", "/run:size=1g"),
        new("a tmpfs with programs", "option('/run', 'noexec', '')", "can be executed", ["tmpfs"], Everywhere, "--tmpfs", "/run:size=1m"),
        new("a tmpfs with set-user-id programs", "option('/run', 'nosuid', '')", "without nosuid", ["tmpfs"], Kernel, "--tmpfs", "/run:size=1m"),
        new("a tmpfs with set-user-id programs that gain", "option('/run', 'nosuid', '')", "became user 65533", ["tmpfs"], Kernel, "--tmpfs", "/run:size=1m,exec",
            "--security-opt", "no-new-privileges=false"),
        new("a tmpfs with devices", "option('/run', 'nodev', '')", "without nodev", ["tmpfs"], Kernel, "--tmpfs", "/run:size=1m"),
        new("a tmpfs with devices that open", "option('/run', 'nodev', '')", "device file on it can be opened", ["tmpfs"], Kernel, "--tmpfs", "/run:size=1m", "--cap-add", "MKNOD"),
        new("a writable tmpfs", "option('/run', 'ro', 'rw')", "can be written to", ["tmpfs"], Everywhere, "--tmpfs", "/run:size=1m,ro"),
        new("a tmpfs of another mode", "option('/run', 'mode=700', 'mode=777')", "has mode 777", ["tmpfs"], Everywhere, "--tmpfs", "/run:size=1m,mode=700"),
        new("a tmpfs of another user", "option('/run', 'uid=1000', 'uid=1001')", "belongs to user 1001", ["tmpfs"], Everywhere, "--tmpfs", "/run:size=1m,uid=1000"),

        // The filter, which gVisor applies itself.
        new("no filter", "linux.pop('seccomp')", "mode 0", ["seccomp", .. Unfiltered], Kernel),
        new("no filter in gVisor", "linux.pop('seccomp')", "mode 0", ["seccomp"], Runsc),
        new("a filter that allows by default", "linux['seccomp']['defaultAction'] = 'SCMP_ACT_ALLOW'\nlinux['seccomp'].pop('defaultErrnoRet', None)", "keyctl",
            ["seccomp", .. Unfiltered], Kernel),
        new("keyctl allowed", "linux['seccomp']['syscalls'].append({'names': ['keyctl'], 'action': 'SCMP_ACT_ALLOW'})", "keyctl gives", ["seccomp", "namespaces"], Kernel),
        new("a user namespace allowed", "linux['seccomp']['syscalls'].append({'names': ['unshare'], 'action': 'SCMP_ACT_ALLOW'})", "unshare gives",
            ["seccomp", "capabilities"], Kernel),
        new("another errno", "linux['seccomp']['defaultErrnoRet'] = 2", "keyctl gives ENOENT", ["seccomp"], Kernel),
        new("a filter nobody asked for", "linux['seccomp'] = {'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['keyctl'], 'action': 'SCMP_ACT_ERRNO'}]}",
            "asked for mode 0", ["seccomp"], Kernel, "--security-opt", "seccomp=unconfined"),

        // Paths. gVisor's /proc and /sys are its own.
        new("no masked paths", "linux['maskedPaths'] = []", "/proc/timer_list is not masked", ["masked_paths"], Kernel),
        new("a masked path less", "linux['maskedPaths'].remove('/proc/keys')", "/proc/keys is not masked", ["masked_paths"], Kernel),
        new("a masked directory less", "linux['maskedPaths'].remove('/sys/firmware')", "/sys/firmware is not masked", ["masked_paths"], Kernel),
        new("no read-only paths", "linux['readonlyPaths'] = []", "/proc/sys is not read-only", ["readonly_paths"], Kernel),
        new("a read-only path less", "linux['readonlyPaths'].remove('/proc/irq')", "/proc/irq is not read-only", ["readonly_paths"], Kernel),

        // Namespaces. gVisor itself numbers processes, and its host name and sockets are its own.
        new("the host's processes", "without('pid')", "pid namespace is the host's", ["namespaces"], Kernel),
        new("the host's message queues", "without('ipc')", "ipc namespace is the host's", ["namespaces"], Kernel),
        new("the host's name", "without('uts')\nc.pop('hostname', None)", "uts namespace is the host's", ["namespaces"], Kernel),
        new("the host's network", "without('network')\nlinux.pop('sysctl')", "net namespace is the host's", ["namespaces", "sysctls"], Kernel),
        new("the host's network by its path", "next(n for n in namespaces if n['type'] == 'network')['path'] = f'/proc/{os.getppid()}/ns/net'\nlinux.pop('sysctl')",
            "net namespace is the host's", ["namespaces", "sysctls"], Kernel),
        new("the host's cgroups", "without('cgroup')", "cgroup namespace is the host's", ["namespaces"], Kernel),
        new("another host name", "c['hostname'] = 'elsewhere'", "host name elsewhere", ["namespaces"], Everywhere),

        // Devices. gVisor's are its own.
        new("a device", "linux['devices'] = [{'path': '/dev/fuse', 'type': 'c', 'major': 10, 'minor': 229}]", "/dev/fuse is there", ["devices"], Kernel),
        new("the kernel's log", "linux['devices'] = [{'path': '/dev/kmsg', 'type': 'c', 'major': 1, 'minor': 11}]", "/dev/kmsg is there", ["devices"], Kernel),
        new("a device elsewhere", "linux['devices'] = [{'path': '/opt/memory', 'type': 'c', 'major': 1, 'minor': 1}]", "/opt/memory is there", ["devices"], Kernel),
        new("rules that allow all", "limits['devices'] = [{'allow': True, 'access': 'rwm'}]", "allows every device", ["devices"], Kernel),
        new("a rule more", "limits['devices'].append({'allow': True, 'type': 'c', 'major': 1, 'minor': 1, 'access': 'rw'})", "c 1:1", ["devices"], Kernel),
        new("all block devices", "limits['devices'].append({'allow': True, 'type': 'b', 'access': 'rwm'})", "b *:*", ["devices"], Kernel),

        new("a device on a file", "os.mknod(sys.argv[0] + '.file', 0o20600, os.makedev(10, 229))\nmounts.append({'destination': '/opt/memory', 'type': 'bind', 'source': " +
            "sys.argv[0] + '.file', 'options': ['bind', 'ro']})", "/opt/memory is there", ["devices"], Kernel),

        // Streams: those of the runtime's launcher, which are passed on.
        new("a file of the host's as stderr", "os.dup2(os.open(sys.argv[0] + '.file', os.O_RDWR | os.O_CREAT), 2)", "stderr is a regular file", ["streams"], Everywhere),
        new("the host's null device as stderr", "os.dup2(os.open('/dev/null', os.O_RDWR), 2)", "stderr is a device", ["streams"], Kernel),

        // Processors and memory.
        new("no limit on processors", "limits.pop('cpu')", "asked for 2", ["cpus"], Everywhere),
        new("twice the processors", "limits['cpu']['quota'] *= 2", "4 processors", ["cpus"], Everywhere),
        new("half the processors", "limits['cpu']['quota'] //= 2", "1 processors", ["cpus"], Everywhere),
        new("no limit on memory", "limits.pop('memory')", "asked for 67108864", ["memory"], Kernel, "--memory", "64m"),
        new("no limit on much memory", "limits.pop('memory')", "unlimited", ["memory"], Everywhere),
        new("twice the memory", "for key in limits['memory']: limits['memory'][key] *= 2", "134217728", ["memory"], Kernel, "--memory", "64m"),
        new("twice much memory", "for key in limits['memory']: limits['memory'][key] *= 2", "4294967296 bytes", ["memory"], Everywhere),

        // What a launch asks for beside its config.
        new("no limit on swap", "limits['memory'].pop('swap')", "swap of", ["memory"], Everywhere, "--memory", "256m", "--memory-swap", "300m"),
        new("a larger limit on swap", "limits['memory']['swap'] *= 2", "swap of", ["memory"], Everywhere, "--memory", "256m", "--memory-swap", "300m"),
        new("no soft limit on memory", "limits['memory'].pop('reservation')", "a soft limit of 67108864", ["memory"], Everywhere, "--memory-reservation", "64m"),
        new("no weight at the processors", "limits['cpu'].pop('shares')", "cpu.", ["cpus"], Everywhere, "--cpu-shares", "512"),
        new("another period", "limits['cpu']['period'] *= 2\nlimits['cpu']['quota'] *= 2", "a period of 80000 microseconds", ["cpus"], Everywhere,
            "--cpu-quota", "80000", "--cpu-period", "80000"),
        new("all processors", "limits['cpu'].pop('cpus')", "Cpus_allowed_list", ["cpus"], Everywhere, "--cpuset-cpus", "0"),
        new("another processor", "limits['cpu']['cpus'] = '1'", "cpuset.cpus 1", ["cpus"], Everywhere, "--cpuset-cpus", "0"),
        new("no weight at the disks", "limits.pop('blockIO')", "asked for 321", ["disks"], ["runc"], "--blkio-weight", "321"),
        new("a better score", "process['oomScoreAdj'] = 0", "oom_score_adj 0", ["process_limits"], Everywhere, "--oom-score-adj", "300"),
        new("no limits of the process", "process['rlimits'] = [limit for limit in process['rlimits'] if limit['type'] == 'RLIMIT_NPROC']", "asked for 123:456", ["process_limits"],
            Everywhere, "--ulimit", "nofile=123:456"),
        new("a higher limit of the process", "next(limit for limit in process['rlimits'] if limit['type'] == 'RLIMIT_NOFILE')['hard'] += 1", "nofile 123:457", ["process_limits"],
            Everywhere, "--ulimit", "nofile=123:456"),
        new("dumps for the host's program", "next(limit for limit in process['rlimits'] if limit['type'] == 'RLIMIT_CORE').update(soft=0, hard=0)", "core 0:0", ["process_limits"],
            Everywhere),
        new("a kernel parameter less", "linux['sysctl'].pop('kernel.msgmax')", "kernel.msgmax is", ["sysctls"], Kernel, "--sysctl", "kernel.msgmax=4321"),
        new("another kernel parameter", "linux['sysctl']['net.core.somaxconn'] = '322'", "net.core.somaxconn is 322", ["sysctls"], Kernel, "--sysctl", "net.core.somaxconn=321"),
        new("more shared memory", "option('/dev/shm', 'size=2097152', 'size=4194304')", "/dev/shm", ["shared_memory"], Everywhere, "--shm-size", "2m"),
        new("shared memory on the root", "mounts.remove(mount('/dev/shm'))", "/dev/shm", ["shared_memory"], Kernel, "--shm-size", "2m"),

        // Another cgroup has none of the limits.
        new("another cgroup", "linux['cgroupsPath'] = linux['cgroupsPath'] + '-elsewhere'\nlinux['resources'] = {'devices': limits['devices']}", "-elsewhere",
            ["pids_limit", "cpus", "memory"], Kernel, "--pids-limit", "32"),
    ];
}
