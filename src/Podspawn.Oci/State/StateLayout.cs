using Podspawn.Oci.Translation;

namespace Podspawn.Oci.State;

/// <summary>Where things lie on the host. All of it belongs to root and is closed to others.</summary>
/// <param name="RunDirectory">What does not outlive a boot: one directory a container, the cache of runtime versions.</param>
/// <param name="DataDirectory">What may be large: the scratch layers.</param>
public sealed record StateLayout(string RunDirectory, string DataDirectory)
{
    /// <summary>What the cgroup of every container begins with; its id follows, and its store.</summary>
    internal const string CgroupPrefix = "/podspawn-oci-";

    private StoreIdentity? identity;

    /// <summary>/run/podspawn-oci and /var/lib/podspawn-oci (hier(7)).</summary>
    public static StateLayout Default { get; } = new("/run/podspawn-oci", "/var/lib/podspawn-oci");

    /// <summary>The directory of all containers.</summary>
    public string Containers => $"{RunDirectory}/containers";

    /// <summary>The directory with the layers of every store that has this data directory.</summary>
    public string AllScratches => $"{DataDirectory}/scratch";

    /// <summary>The directory of this store's scratch layers.</summary>
    public string Scratches => $"{AllScratches}/{Identity?.LayersName ?? StoreIdentity.NoStore}";

    /// <summary>Where it is written which store this is.</summary>
    internal string IdentityFile => $"{RunDirectory}/identity";

    /// <summary>Which store this is; null where there is none yet, or none of this boot.</summary>
    /// <exception cref="ForeignStoreException">What is written there counts in another place.</exception>
    internal StoreIdentity? Identity => identity ??= StoreBinding.Read(this);

    /// <summary>The directory of remembered runtime versions.</summary>
    public string Cache => $"{RunDirectory}/cache";

    /// <summary>The lock that is held while a container's directory is made or claimed.</summary>
    public string StoreLock => $"{RunDirectory}/lock";

    /// <summary>The names of the containers that are kept: each file is called by the name, and says the id.</summary>
    public string Names => $"{RunDirectory}/names";

    /// <summary>Everything that is kept lies below these.</summary>
    internal IReadOnlyList<string> Directories => [RunDirectory, DataDirectory];

    /// <summary>A root filesystem with nothing in it, for probes.</summary>
    public string EmptyRoot => $"{RunDirectory}/empty";

    /// <summary>The paths of one container.</summary>
    public ContainerPaths Of(string id) => new(id, $"{Containers}/{id}", $"{Scratches}/{id}") { Store = Identity?.Store ?? StoreIdentity.NoStore };

    /// <summary>Remembers which store was made there.</summary>
    internal void Bind(StoreIdentity made) => identity = made;
}

/// <summary>The paths of one container.</summary>
/// <param name="Id">The container's id.</param>
/// <param name="Directory">Its directory: an OCI bundle, and what we remember of it.</param>
/// <param name="Scratch">Its scratch layer's directory.</param>
public sealed record ContainerPaths(string Id, string Directory, string Scratch)
{
    /// <summary>The store that it belongs to.</summary>
    public string Store { get; init; } = StoreIdentity.NoStore;

    /// <summary>The lock that the launcher holds for as long as it lives.</summary>
    public string Lock => $"{Directory}/lock";

    /// <summary>The bundle's config.json.</summary>
    public string Config => $"{Directory}/config.json";

    /// <summary>Where the scratch layer is mounted.</summary>
    public string Root => $"{Directory}/root";

    /// <summary>The runtime's state directory, of this container alone.</summary>
    public string RuntimeState => $"{Directory}/runtime";

    /// <summary>Which process has it in the foreground, and its root mounted; not there for others.</summary>
    public string Launcher => $"{Directory}/launcher";

    /// <summary>The runtime's log.</summary>
    public string RuntimeLog => $"{Directory}/runtime.log";

    /// <summary>The file that the runtime writes the process id to.</summary>
    public string PidFile => $"{Directory}/pid";

    /// <summary>A file that is there while somebody may have frozen a container in the foreground, which has no state: the runtime knows whether.</summary>
    public string Freezing => $"{Directory}/freezing";

    /// <summary>The socket that a terminal's master comes over.</summary>
    public string ConsoleSocket => $"{Directory}/console";

    /// <summary>What it was made to be.</summary>
    public string Definition => $"{Directory}/container.json";

    /// <summary>How far its life has gone; not there for one in the foreground.</summary>
    public string State => $"{Directory}/state.json";

    /// <summary>Held, shared, by whoever waits for the exit status: it is not removed before they have it.</summary>
    public string Waiters => $"{Directory}/waiters";

    /// <summary>The file that conmon writes its process id to.</summary>
    public string MonitorPidFile => $"{Directory}/conmon.pid";

    /// <summary>Where the container's own null device is mounted, in the mount namespace of its monitor.</summary>
    public string NullDevice => $"{Directory}/dev";

    /// <summary>The directory where conmon leaves the exit status.</summary>
    public string ExitDirectory => $"{Directory}/exit";

    /// <summary>
    /// The directory where conmon works, and leaves word of a lack of memory: in a directory of somebody else's it would follow a link that is
    /// called as its file is.
    /// </summary>
    public string MonitorDirectory => $"{Directory}/conmon";

    /// <summary>The file that conmon makes when the kernel has ended a process of the container for want of memory.</summary>
    public string MonitorOutOfMemory => $"{MonitorDirectory}/oom";

    /// <summary>The exit status, a decimal number.</summary>
    public string ExitFile => $"{ExitDirectory}/{Id}";

    /// <summary>The socket where one attaches.</summary>
    public string AttachSocket => $"{Directory}/attach";

    /// <summary>The FIFO that takes conmon's orders: terminal sizes, a new log file.</summary>
    public string MonitorControl => $"{Directory}/ctl";

    /// <summary>The FIFO that takes sizes of the terminal alone.</summary>
    public string MonitorSizes => $"{Directory}/winsz";

    /// <summary>One directory for each command that was started inside later.</summary>
    public string Execs => $"{Directory}/exec";

    /// <summary>What the container has written to stdout and stderr, in the format of Kubernetes' log files.</summary>
    public string Log => $"{Scratch}/container.log";

    /// <summary>The cgroup where systemd makes it.</summary>
    public string SystemdCgroup => CgroupPath.OfScope($"{Id}-{Store}");

    /// <summary>The cgroup, flat below each hierarchy's root: no parent stays behind.</summary>
    public string Cgroup => $"{StateLayout.CgroupPrefix}{Id}-{Store}";
}
