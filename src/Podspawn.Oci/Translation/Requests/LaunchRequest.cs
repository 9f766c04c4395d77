using Podspawn.Oci.Host;

namespace Podspawn.Oci.Translation.Requests;

/// <summary>What to run: everything about a launch that is not hardening. Names are already resolved and paths already checked.</summary>
public sealed record LaunchRequest
{
    /// <summary>The container's id: <c>^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$</c>.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The command and its arguments; not empty, no NUL.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary><c>NAME=value</c> strings.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The absolute path of the working directory.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>The user that the process runs as.</summary>
    public ProcessUser User { get; init; } = ProcessUser.Root;

    /// <summary>Whether the process gets a terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>The terminal's size in characters, or null.</summary>
    public (int Rows, int Columns)? TerminalSize { get; init; }

    /// <summary>The host name; null for the host's own where the uts namespace is shared.</summary>
    public required string HostName { get; init; }

    /// <summary>The root filesystem's conventional path relative to its bundle (OCI runtime spec, bundle.md).</summary>
    public const string RootInBundle = "rootfs";

    /// <summary>The absolute path of the root filesystem on the host (the overlay's, where there is one), or <see cref="RootInBundle"/>.</summary>
    public required string RootPath { get; init; }

    /// <summary>Whether the root filesystem is already read-only by itself (from a bundle); the config can only tighten that.</summary>
    public bool RootReadonly { get; init; }

    /// <summary>Mounts in addition to the default ones and the config's tmpfs mounts, in order.</summary>
    public IReadOnlyList<VolumeMount> Volumes { get; init; } = [];

    /// <summary>
    /// Permission bits of the root filesystem's directories that tmpfs mounts will cover, by mount path. A tmpfs without <c>mode=</c> gets the
    /// covered directory's, as under Docker: the kernel's own default is 1777, which would open <c>/run</c> to every user.
    /// </summary>
    public IReadOnlyDictionary<string, uint> CoveredDirectoryModes { get; init; } = new Dictionary<string, uint>();

    /// <summary>What it asks of the kernel beside the config.</summary>
    public ResourceRequest Resources { get; init; } = ResourceRequest.None;

    /// <summary>Devices of the host that it is given, in order.</summary>
    public IReadOnlyList<GivenDevice> Devices { get; init; } = [];

    /// <summary>Devices that it may open where it has or makes a file of them, in order.</summary>
    public IReadOnlyList<OpenedDevice> DeviceRules { get; init; } = [];

    /// <summary>The namespaces that it shares.</summary>
    public SharedNamespaces Namespaces { get; init; } = SharedNamespaces.None;

    /// <summary>Whether it says by a socket of the host's that it is ready.</summary>
    public bool SaysReady { get; init; }

    /// <summary>How many descriptors of the caller, from 3 on, its process has.</summary>
    public int PreservedDescriptors { get; init; }

    /// <summary>What its files of names hold.</summary>
    public NameResolution Names { get; init; } = NameResolution.Usual;

    /// <summary>The network.</summary>
    public NetworkMode Network { get; init; } = NetworkMode.None;

    /// <summary>The networks, where <see cref="Network"/> is <see cref="NetworkMode.Bridge"/>; the first is the one that leads out.</summary>
    public IReadOnlyList<NetworkAttachment> Attachments { get; init; } = [];

    /// <summary>The path of the network namespace, where <see cref="Network"/> is <see cref="NetworkMode.Path"/>.</summary>
    public string? NetworkPath { get; init; }

    /// <summary>The host's ports that lead to it.</summary>
    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    /// <summary>The cgroup's path below each hierarchy's root, absolute; null where the host has none.</summary>
    public string? CgroupsPath { get; init; }

    /// <summary>The manager that creates the cgroup.</summary>
    public CgroupManager CgroupManager { get; init; }

    /// <summary>The parsed profile that <c>security.seccomp</c> names; null for <c>default</c> and <c>unconfined</c>.</summary>
    public Seccomp.SeccompProfile? SeccompProfile { get; init; }

    /// <summary>A ceiling for the capabilities, from a bundle's own config.json; null for none.</summary>
    public Capabilities.CapabilitySet? CapabilityCeiling { get; init; }

    /// <summary>Whether a bundle's own config.json asks for no_new_privs.</summary>
    public bool BundleNoNewPrivileges { get; init; }

    /// <summary>Keys that the user waives (<c>--allow-unenforced</c>), such as <c>pids_limit</c>.</summary>
    public IReadOnlySet<string> AllowUnenforced { get; init; } = new HashSet<string>();
}

/// <summary>Numeric user and groups of a process (OCI runtime spec, config.md, "POSIX-platform User").</summary>
public sealed record ProcessUser(uint Uid, uint Gid, IReadOnlyList<uint> AdditionalGids)
{
    /// <summary>
    /// The supplementary groups of the process: its own group is the first of them, root's 0 too, as under docker and podman. Without that a
    /// set-group-id program could drop the group, and with it what the group is denied (CVE-2022-36109).
    /// </summary>
    public IReadOnlyList<uint> Groups => AdditionalGids.Contains(Gid) ? AdditionalGids : [Gid, .. AdditionalGids];

    /// <summary>uid 0, gid 0.</summary>
    public static ProcessUser Root { get; } = new(0, 0, []);
}

/// <summary>A bind mount of the host's <paramref name="Source"/> at the container's <paramref name="Destination"/>.</summary>
public sealed record VolumeMount(string Source, string Destination, bool ReadOnly = false)
{
    /// <summary>Whether the source is a file: then there are no mounts below it.</summary>
    public bool IsFile { get; init; }

    /// <summary>A note on what it exposes beyond the user's own files; null for none.</summary>
    public Note? Remark { get; init; }

    /// <summary>Mount options beyond rbind, rprivate and ro or rw.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Whether what is mounted below the source comes along.</summary>
    public bool IsRecursive { get; init; } = true;

    /// <summary>The volume that the source belongs to; null where it is a path that the user has named.</summary>
    public NamedVolume? Volume { get; init; }

    /// <summary>The image whose root filesystem is mounted at the source for the time of a run; null for a path of the host and for a volume.</summary>
    public MountedImage? Image { get; init; }

    /// <summary>Whether everything in the source is given to the container's user before its first start (<c>:U</c>).</summary>
    public bool ChangesOwner { get; init; }

    /// <summary>The options as the user wrote them; null where the mount is ours, and not the user's.</summary>
    public string? Mode { get; init; }
}

/// <summary>The network of a container.</summary>
public enum NetworkMode
{
    /// <summary>A separate network namespace with only the loopback device.</summary>
    None,

    /// <summary>The host's network namespace.</summary>
    Host,

    /// <summary>A separate network namespace with an interface on one or more bridges of the host.</summary>
    Bridge,

    /// <summary>Another container's network namespace.</summary>
    Container,

    /// <summary>A network namespace that somebody has mounted at a path of the host.</summary>
    Path,
}
