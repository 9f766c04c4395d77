using Podspawn.Oci.Capabilities;
using Podspawn.Oci.Runtimes;

namespace Podspawn.Oci.Host;

/// <summary>
/// What an OCI runtime does with what the spec asks, as data: the translator and the launcher ask a trait, never a name.
/// The tables of <c>Runtimes/</c> fill it in, by release; the defaults are what a runtime of today does.
/// </summary>
public sealed record RuntimeTraits
{
    /// <summary>The runtime's name as people say it: <c>runc</c>, <c>crun</c>, <c>runsc</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The version that it answers.</summary>
    public required string Version { get; init; }

    /// <summary>Which release the version means.</summary>
    public RuntimeRelease Release { get; init; }

    /// <summary>Whether these traits were checked against that release.</summary>
    public ReleaseFamiliarity Familiarity { get; init; }

    /// <summary>The newest release that they were checked against.</summary>
    public string NewestKnown { get; init; } = "";

    /// <summary>Who answers the container's system calls: the host's kernel, or gVisor's Sentry.</summary>
    public required SystemCallHandler Kernel { get; init; }

    /// <summary>Host tasks that an idle sandbox holds beside the container's own (0 where the kernel runs the container).</summary>
    public int SandboxBaseTasks { get; init; }

    /// <summary>Host tasks that one container task may cost (1 where the kernel runs the container).</summary>
    public int HostTasksPerTask { get; init; } = 1;

    /// <summary>How many more that are for each of the host's processors.</summary>
    public int HostTasksPerTaskAndProcessor { get; init; }

    /// <summary>Capabilities that the runtime knows by name: any other in the spec would keep it from starting.</summary>
    public CapabilitySet KnownCapabilities { get; init; } = CapabilityNames.Named;

    /// <summary>Whether a port below 1024 needs CAP_NET_BIND_SERVICE (capabilities(7)); gVisor did not ask for it as of 2022.</summary>
    public bool LowPortsNeedCapability { get; init; } = true;

    /// <summary>Whether making a device node needs CAP_MKNOD (mknod(2)).</summary>
    public bool DeviceNodesNeedCapability { get; init; } = true;

    /// <summary>Whether it knows ambient capabilities (capabilities(7)).</summary>
    public bool HasAmbientCapabilities { get; init; } = true;

    /// <summary>Whether raw and packet sockets ask for CAP_NET_RAW in the network's own user namespace, so that one of the container's making does not give them.</summary>
    public bool RawSocketsNeedRootCapability { get; init; } = true;

    /// <summary>
    /// Whether the privileges that go beyond a limit on processes (CAP_SYS_ADMIN, CAP_SYS_RESOURCE) count only in the first user namespace, so that a new
    /// one, which hands them all out, lifts no limit. False where the host's kernel runs the container: there its own rules hold.
    /// </summary>
    public bool UserNamespacesNeedPrivilege { get; init; }

    /// <summary>Whether the seccomp filter of the spec holds for processes that come by <c>exec</c> as well.</summary>
    public bool FiltersExecutedProcesses { get; init; } = true;

    /// <summary>Whether no_new_privileges can be off: otherwise it is always on.</summary>
    public bool HonoursNoNewPrivileges { get; init; } = true;

    /// <summary>Whether capabilities of files are applied to the first process, and to those that come by <c>exec</c>, whatever no_new_privileges says.</summary>
    public bool FileCapabilitiesPassNoNewPrivileges { get; init; }

    /// <summary>Whether set-user-id bits count only where a flag allows them.</summary>
    public bool SetUserIdBitsNeedFlag { get; init; }

    /// <summary>Whether the mount option <c>nosuid</c> has a meaning.</summary>
    public bool HonoursNosuid { get; init; } = true;

    /// <summary>Whether the mount option <c>noexec</c> refuses mmap(2) for execution too, and not execve(2) alone.</summary>
    public bool NoexecCoversMappings { get; init; } = true;

    /// <summary>Whether the runtime can lay a filesystem of its own over the root, and has to be told not to.</summary>
    public bool OverlaysRoot { get; init; }

    /// <summary>
    /// Whether a pids limit of -1 means unlimited. crun 1.8.1 writes the -1 to pids.max of version 1, which is EINVAL; a new cgroup has no limit
    /// to begin with (Documentation/admin-guide/cgroup-v1/pids.rst).
    /// </summary>
    public bool TakesUnlimitedPids { get; init; } = true;

    /// <summary>
    /// Whether an update to a quota of -1 takes the limit on processors away. crun 1.8.1 writes it without its sign to cpu.cfs_quota_us of
    /// version 1, which is ERANGE.
    /// </summary>
    public bool TakesUnlimitedCpus { get; init; } = true;

    /// <summary>
    /// Whether a tmpfs over an existing directory gets that directory's permission bits, whatever <c>mode=</c> says (runc 1.1.5 does so).
    /// </summary>
    public bool TmpfsTakesModeOfDirectory { get; init; }

    /// <summary>Whether a tmpfs without <c>mode=</c> gets 755 where the runtime has to make its directory, in place of the kernel's 1777.</summary>
    public bool TmpfsTakesModeOfNewDirectory { get; init; }

    /// <summary>
    /// Whether a read-only path loses the flags of the mounts at it and below it, such as noexec; with crun 1.8.1 read-only ones become writable.
    /// </summary>
    public bool ReadonlyPathsReopenMounts { get; init; }

    /// <summary>Whether the runtime knows the mount option <c>rro</c>: read-only with everything mounted below (kernel 5.12 and later).</summary>
    public bool RecursiveReadonlyMounts { get; init; }

    /// <summary>Whether the runtime starts on the hybrid cgroup layout.</summary>
    public bool AcceptsHybridCgroups { get; init; } = true;

    /// <summary>Whether the runtime can have systemd make cgroups.</summary>
    public bool SystemdCgroups { get; init; } = true;

    /// <summary>Whether it can do so with cgroup version 1 too.</summary>
    public bool SystemdCgroupsOnVersion1 { get; init; } = true;

    /// <summary>The cgroup below systemd's scope that has the processes and the limits; null where the scope itself has them.</summary>
    public string? SystemdSubgroup { get; init; }

    /// <summary>
    /// Whether a detached run leaves behind the container's own process, for its starter to wait for and to signal. Otherwise the runtime
    /// stays in the foreground and its exit status is the container's.
    /// </summary>
    public bool LeavesContainerProcess { get; init; } = true;

    /// <summary>
    /// Whether <c>exec</c> hands a terminal over when it stays with the process as well. Where it does not, a detached one leaves a process of its
    /// own behind, which stands for the command and ends as that does (runsc 2022 takes no <c>--console-socket</c> without <c>--detach</c>).
    /// </summary>
    public bool StayingExecTakesTerminal { get; init; } = true;

    /// <summary>
    /// Whether a process of a user other than root keeps the permitted and effective capabilities that the spec lists. The kernel takes them
    /// away when such a user calls execve (capabilities(7)); gVisor did not as of 2022.
    /// </summary>
    public bool OtherUsersKeepCapabilities { get; init; }

    /// <summary>The exit status of a foreground <c>run</c> that could not start the command.</summary>
    public int LaunchFailureStatus { get; init; } = 128;

    /// <summary>Whether the runtime can freeze a container's processes and let them go on (<c>pause</c> and <c>resume</c>).</summary>
    public bool CanPause { get; init; } = true;

    /// <summary>Whether the runtime can change the limits of a running container (<c>update</c>).</summary>
    public bool CanUpdate { get; init; } = true;

    /// <summary>Whether such a change reaches the limit on processes.</summary>
    public bool CanUpdatePids { get; init; } = true;
}

/// <summary>Whether the traits of a runtime were checked against its release.</summary>
public enum ReleaseFamiliarity
{
    /// <summary>They were.</summary>
    Known,

    /// <summary>It is newer than all that they were checked against.</summary>
    Newer,

    /// <summary>Its version tells no release: it is taken for a new one.</summary>
    Unreadable,
}

/// <summary>Who answers a container's system calls.</summary>
public enum SystemCallHandler
{
    /// <summary>The host's kernel.</summary>
    Host,

    /// <summary>gVisor's user-space kernel.</summary>
    Sentry,
}
