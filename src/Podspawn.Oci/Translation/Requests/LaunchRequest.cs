using Podspawn.Oci.Host;
using Podspawn.Oci.Launching.Planning;
using Podspawn.Oci.State;

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

    /// <summary>Absolute.</summary>
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

    /// <summary>Whether the root filesystem comes read-only by itself (from a bundle); the config can only tighten it.</summary>
    public bool RootReadonly { get; init; }

    /// <summary>Mounts beside the default ones and the tmpfs ones of the config, in order.</summary>
    public IReadOnlyList<VolumeMount> Volumes { get; init; } = [];

    /// <summary>
    /// Permission bits of the root filesystem's directories that tmpfs mounts will cover, by mount path. A tmpfs without <c>mode=</c> takes them
    /// over, as under Docker: the kernel's own default is 1777, which would open <c>/run</c> to every user.
    /// </summary>
    public IReadOnlyDictionary<string, uint> CoveredDirectoryModes { get; init; } = new Dictionary<string, uint>();

    /// <summary>The network.</summary>
    public NetworkMode Network { get; init; } = NetworkMode.None;

    /// <summary>The cgroup's path below each hierarchy's root, absolute; null where the host has none.</summary>
    public string? CgroupsPath { get; init; }

    /// <summary>Who makes the cgroup.</summary>
    public CgroupManager CgroupManager { get; init; }

    /// <summary>The profile that <c>security.seccomp</c> names, read; null for <c>default</c> and <c>unconfined</c>.</summary>
    public Seccomp.SeccompProfile? SeccompProfile { get; init; }

    /// <summary>A ceiling for the capabilities, from a bundle's own config.json; null for none.</summary>
    public Capabilities.CapabilitySet? CapabilityCeiling { get; init; }

    /// <summary>Whether a bundle's own config.json asks for no_new_privs.</summary>
    public bool BundleNoNewPrivileges { get; init; }

    /// <summary>Keys that the user lets go unenforced (<c>--allow-unenforced</c>), such as <c>pids_limit</c>.</summary>
    public IReadOnlySet<string> AllowUnenforced { get; init; } = new HashSet<string>();
}

/// <summary>Numeric user and groups of a process (OCI runtime spec, config.md, "POSIX-platform User").</summary>
public sealed record ProcessUser(uint Uid, uint Gid, IReadOnlyList<uint> AdditionalGids)
{
    /// <summary>
    /// The supplementary groups of its process: its own group is among them, as under docker and podman. Without that a set-group-id program
    /// could give the group up, and with it what the group is denied (CVE-2022-36109).
    /// </summary>
    public IReadOnlyList<uint> Groups => (Uid, Gid) == (0, 0) || AdditionalGids.Contains(Gid) ? AdditionalGids : [Gid, .. AdditionalGids];

    /// <summary>uid 0, gid 0.</summary>
    public static ProcessUser Root { get; } = new(0, 0, []);
}

/// <summary>A bind mount of the host's <paramref name="Source"/> at the container's <paramref name="Destination"/>.</summary>
public sealed record VolumeMount(string Source, string Destination, bool ReadOnly = false)
{
    /// <summary>Whether the source is a file: nothing is mounted below one.</summary>
    public bool IsFile { get; init; }

    /// <summary>What it gives away beyond files of the user's own; null where nothing.</summary>
    public Note? Remark { get; init; }

    /// <summary>Mount options beyond rbind, rprivate and ro or rw.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];
}

/// <summary>What network a container has.</summary>
public enum NetworkMode
{
    /// <summary>A network namespace of its own with nothing but the loopback device.</summary>
    None,

    /// <summary>The host's.</summary>
    Host,
}
