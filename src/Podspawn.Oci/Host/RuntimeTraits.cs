using Podspawn.Oci.Capabilities;

namespace Podspawn.Oci.Host;

/// <summary>
/// How an OCI runtime handles what the spec asks for, as data: the translator and the launcher ask for a trait, never for a name. The tables of
/// <c>Runtimes/</c> fill it in, by release; the defaults are the behaviour of a current runtime.
/// </summary>
public sealed record RuntimeTraits
{
    /// <summary>The runtime's name: <c>runc</c>, <c>crun</c>, <c>runsc</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The version that it reports.</summary>
    public required string Version { get; init; }

    /// <summary>The release that the version names.</summary>
    public RuntimeRelease Release { get; init; }

    /// <summary>Whether these traits were checked against that release.</summary>
    public ReleaseFamiliarity Familiarity { get; init; }

    /// <summary>The newest release that they were checked against.</summary>
    public string NewestKnown { get; init; } = "";

    /// <summary>The kernel that answers the container's system calls: the host's, or gVisor's Sentry.</summary>
    public required SystemCallHandler Kernel { get; init; }

    /// <summary>Host tasks of an idle sandbox in addition to the container's own (0 where the kernel runs the container).</summary>
    public int SandboxBaseTasks { get; init; }

    /// <summary>Host tasks that one container task may cost (1 where the kernel runs the container).</summary>
    public int HostTasksPerTask { get; init; } = 1;

    /// <summary>Additional host tasks for each of the host's processors.</summary>
    public int HostTasksPerTaskAndProcessor { get; init; }

    /// <summary>Capabilities that the runtime knows by name: any other in the spec would make its start fail.</summary>
    public CapabilitySet KnownCapabilities { get; init; } = CapabilityNames.Named;

    /// <summary>Whether a port below 1024 needs CAP_NET_BIND_SERVICE (capabilities(7)); gVisor did not require it as of 2022.</summary>
    public bool LowPortsNeedCapability { get; init; } = true;

    /// <summary>Whether creating a device node needs CAP_MKNOD (mknod(2)).</summary>
    public bool DeviceNodesNeedCapability { get; init; } = true;

    /// <summary>Whether the runtime supports ambient capabilities (capabilities(7)).</summary>
    public bool HasAmbientCapabilities { get; init; } = true;

    /// <summary>
    /// Whether raw and packet sockets need CAP_NET_RAW in the network's own user namespace, so that a namespace which the container creates does not
    /// give access to them.
    /// </summary>
    public bool RawSocketsNeedRootCapability { get; init; } = true;

    /// <summary>
    /// Whether the privileges that exceed a limit on processes (CAP_SYS_ADMIN, CAP_SYS_RESOURCE) count only in the first user namespace, so that a
    /// new one, which grants them all, lifts no limit. False where the host's kernel runs the container: there its own rules hold.
    /// </summary>
    public bool UserNamespacesNeedPrivilege { get; init; }

    /// <summary>Whether the spec's seccomp filter also applies to processes that <c>exec</c> starts.</summary>
    public bool FiltersExecutedProcesses { get; init; } = true;

    /// <summary>Whether no_new_privileges can be off: otherwise it is always on.</summary>
    public bool HonoursNoNewPrivileges { get; init; } = true;

    /// <summary>Whether file capabilities are applied to the first process, and to those that <c>exec</c> starts, whatever no_new_privileges says.</summary>
    public bool FileCapabilitiesPassNoNewPrivileges { get; init; }

    /// <summary>Whether set-user-id bits only count where a flag allows them.</summary>
    public bool SetUserIdBitsNeedFlag { get; init; }

    /// <summary>Whether the mount option <c>nosuid</c> has an effect.</summary>
    public bool HonoursNosuid { get; init; } = true;

    /// <summary>Whether the mount option <c>noexec</c> also refuses mmap(2) for execution, not only execve(2).</summary>
    public bool NoexecCoversMappings { get; init; } = true;

    /// <summary>Whether the runtime can mount its own filesystem over the root, and has to be told not to.</summary>
    public bool OverlaysRoot { get; init; }

    /// <summary>
    /// Whether a pids limit of -1 means unlimited. crun 1.8.1 writes the -1 to pids.max of version 1, which is EINVAL; a new cgroup has no limit by
    /// default (Documentation/admin-guide/cgroup-v1/pids.rst).
    /// </summary>
    public bool TakesUnlimitedPids { get; init; } = true;

    /// <summary>
    /// Whether an update to a quota of -1 removes the limit on processors. crun 1.8.1 writes it without its sign to cpu.cfs_quota_us of version 1,
    /// which is ERANGE.
    /// </summary>
    public bool TakesUnlimitedCpus { get; init; } = true;

    /// <summary>Whether the runtime finds the weight at the disks of version 1 where only the scheduler bfq has one; otherwise it fails to start.</summary>
    public bool FindsBfqWeightOfVersion1 { get; init; } = true;

    /// <summary>
    /// Whether a tmpfs over an existing directory gets that directory's permission bits, whatever <c>mode=</c> says (runc 1.1.5 does so).
    /// </summary>
    public bool TmpfsTakesModeOfDirectory { get; init; }

    /// <summary>Whether a tmpfs without <c>mode=</c> gets 755 where the runtime has to create its directory, instead of the kernel's 1777.</summary>
    public bool TmpfsTakesModeOfNewDirectory { get; init; }

    /// <summary>Whether an <c>exec</c> gets, now and then, the runtime's own limit of open files instead of the container's.</summary>
    public bool ExecRacesOpenFiles { get; init; }

    /// <summary>
    /// Whether a read-only path loses the flags of the mounts at it and below it, such as noexec; with crun 1.8.1 read-only ones become writable.
    /// </summary>
    public bool ReadonlyPathsReopenMounts { get; init; }

    /// <summary>Whether the runtime knows the mount option <c>rro</c>: read-only with everything mounted below (kernel 5.12 and later).</summary>
    public bool RecursiveReadonlyMounts { get; init; }

    /// <summary>Whether a bind mount brings what is mounted below its source also where it is not to.</summary>
    public bool BindsWhatIsMountedBelow { get; init; }

    /// <summary>Whether the runtime starts on the hybrid cgroup layout.</summary>
    public bool AcceptsHybridCgroups { get; init; } = true;

    /// <summary>Whether the runtime can make systemd create cgroups.</summary>
    public bool SystemdCgroups { get; init; } = true;

    /// <summary>Whether it can also do so with cgroup version 1.</summary>
    public bool SystemdCgroupsOnVersion1 { get; init; } = true;

    /// <summary>The cgroup below systemd's scope that has the processes and the limits; null where that is the scope itself.</summary>
    public string? SystemdSubgroup { get; init; }

    /// <summary>
    /// Whether a detached run leaves the container's own process behind, for its starter to wait for and to signal. Otherwise the runtime stays in
    /// the foreground and its exit status is the container's.
    /// </summary>
    public bool LeavesContainerProcess { get; init; } = true;

    /// <summary>
    /// Whether <c>exec</c> also sends a terminal when it stays with the process. Where it does not, a detached one leaves a process of its own
    /// behind, which stands for the command and ends with it (runsc 2022 accepts no <c>--console-socket</c> without <c>--detach</c>).
    /// </summary>
    public bool StayingExecTakesTerminal { get; init; } = true;

    /// <summary>
    /// Whether a process of a user other than root has the permitted and effective capabilities that the spec lists. The kernel removes them when
    /// such a user calls execve (capabilities(7)); gVisor did not as of 2022.
    /// </summary>
    public bool OtherUsersKeepCapabilities { get; init; }

    /// <summary>The exit status of a foreground <c>run</c> that could not start the command.</summary>
    public int LaunchFailureStatus { get; init; } = 128;

    /// <summary>Whether the runtime can freeze and thaw a container's processes (<c>pause</c> and <c>resume</c>).</summary>
    public bool CanPause { get; init; } = true;

    /// <summary>Whether the runtime can change the limits of a running container (<c>update</c>).</summary>
    public bool CanUpdate { get; init; } = true;

    /// <summary>Whether such a change applies to the limit on processes.</summary>
    public bool CanUpdatePids { get; init; } = true;

    /// <summary>Whether real-time signals reach the container's process; where the runtime sends the signals, it may not know them.</summary>
    public bool SendsRealTimeSignals { get; init; } = true;
}

/// <summary>Whether the traits of a runtime were checked against its release.</summary>
public enum ReleaseFamiliarity
{
    /// <summary>They were checked.</summary>
    Known,

    /// <summary>The release is newer than all that they were checked against.</summary>
    Newer,

    /// <summary>The version names no release: it is treated as a new one.</summary>
    Unreadable,
}

/// <summary>The kernel that answers a container's system calls.</summary>
public enum SystemCallHandler
{
    /// <summary>The host's kernel.</summary>
    Host,

    /// <summary>gVisor's user-space kernel.</summary>
    Sentry,
}
