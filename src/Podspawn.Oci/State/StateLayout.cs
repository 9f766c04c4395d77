using Podspawn.Oci.Translation;

namespace Podspawn.Oci.State;

/// <summary>The paths of a store on the host. All of them belong to root and are closed to others.</summary>
/// <param name="RunDirectory">State that does not outlive a boot: one directory for each container, and the cache of runtime versions.</param>
/// <param name="DataDirectory">Data that may be large: the scratch layers.</param>
public sealed record StateLayout(string RunDirectory, string DataDirectory)
{
    /// <summary>The beginning of every container's cgroup; the container's id and its store follow.</summary>
    internal const string CgroupPrefix = "/podspawn-oci-";

    private StoreIdentity? identity;

    /// <summary>/run/podspawn-oci and /var/lib/podspawn-oci (hier(7)).</summary>
    public static StateLayout Default { get; } = new("/run/podspawn-oci", "/var/lib/podspawn-oci");

    /// <summary>The directory of all containers.</summary>
    public string Containers => $"{RunDirectory}/containers";

    /// <summary>The directory of the layers of every store that uses this data directory.</summary>
    public string AllScratches => $"{DataDirectory}/scratch";

    /// <summary>The directory of this store's scratch layers.</summary>
    public string Scratches => $"{AllScratches}/{Identity?.LayersName ?? StoreIdentity.NoStore}";

    /// <summary>The directory of the volumes of every store that uses this data directory.</summary>
    public string Volumes => $"{DataDirectory}/volumes";

    /// <summary>The directory of the networks of every store that uses this data directory.</summary>
    public string Networks => $"{DataDirectory}/networks";

    /// <summary>The file that identifies this store.</summary>
    internal string IdentityFile => $"{RunDirectory}/identity";

    /// <summary>The identity of this store; null where there is no store yet, or none of this boot.</summary>
    /// <exception cref="ForeignStoreException">The file's identity belongs to another place.</exception>
    internal StoreIdentity? Identity => identity ??= StoreBinding.Read(this);

    /// <summary>The directory of cached runtime versions.</summary>
    public string Cache => $"{RunDirectory}/cache";

    /// <summary>The lock that is held while a container's directory is created or claimed.</summary>
    public string StoreLock => $"{RunDirectory}/lock";

    /// <summary>The names of containers: one file for each name, which contains the id.</summary>
    public string Names => $"{RunDirectory}/names";

    /// <summary>The directories that contain everything of a store.</summary>
    internal IReadOnlyList<string> Directories => [RunDirectory, DataDirectory];

    /// <summary>An empty root filesystem, for probes.</summary>
    public string EmptyRoot => $"{RunDirectory}/empty";

    /// <summary>The paths of one container.</summary>
    public ContainerPaths Of(string id) => new(id, $"{Containers}/{id}", $"{Scratches}/{id}") { Store = Identity?.Store ?? StoreIdentity.NoStore };

    /// <summary>Sets the identity of the store that was created there.</summary>
    internal void Bind(StoreIdentity made) => identity = made;
}

/// <summary>The paths of one container.</summary>
/// <param name="Id">The container's id.</param>
/// <param name="Directory">Its directory: an OCI bundle, and our records about it.</param>
/// <param name="Scratch">Its scratch layer's directory.</param>
public sealed record ContainerPaths(string Id, string Directory, string Scratch)
{
    /// <summary>The store that it belongs to.</summary>
    public string Store { get; init; } = StoreIdentity.NoStore;

    /// <summary>The lock that the launcher holds as long as it lives.</summary>
    public string Lock => $"{Directory}/lock";

    /// <summary>The bundle's config.json.</summary>
    public string Config => $"{Directory}/config.json";

    /// <summary>The mount point of the scratch layer.</summary>
    public string Root => $"{Directory}/root";

    /// <summary>The runtime's state directory, for this container alone.</summary>
    public string RuntimeState => $"{Directory}/runtime";

    /// <summary>The record of the process that runs it in the foreground with its root mounted; missing for others.</summary>
    public string Launcher => $"{Directory}/launcher";

    /// <summary>The runtime's log.</summary>
    public string RuntimeLog => $"{Directory}/runtime.log";

    /// <summary>The file that the runtime writes the process id to.</summary>
    public string PidFile => $"{Directory}/pid";

    /// <summary>A file that exists while a process may have frozen a container in the foreground, which has no recorded state: the runtime knows whether it did.</summary>
    public string Freezing => $"{Directory}/freezing";

    /// <summary>The socket that receives a terminal's master.</summary>
    public string ConsoleSocket => $"{Directory}/console";

    /// <summary>The record of what it was created from.</summary>
    public string Definition => $"{Directory}/container.json";

    /// <summary>The record of its state; missing for a container in the foreground.</summary>
    public string State => $"{Directory}/state.json";

    /// <summary>A lock that is held, shared, by each process that waits for the exit status: the container is not removed before they have it.</summary>
    public string Waiters => $"{Directory}/waiters";

    /// <summary>The file that conmon writes its process id to.</summary>
    public string MonitorPidFile => $"{Directory}/conmon.pid";

    /// <summary>The mount point of the container's own null device, in the mount namespace of its monitor.</summary>
    public string NullDevice => $"{Directory}/dev";

    /// <summary>Where conmon makes the socket by which a container says that it is ready.</summary>
    public string Notify => $"{Directory}/notify";

    /// <summary>Where another container's namespaces are mounted for the runtime to join, in the mount namespace of the launch.</summary>
    public string Joined => $"{Directory}/joined";

    /// <summary>The record of what it is connected to; missing where it has no network of ours, or does not run.</summary>
    public string Network => $"{Directory}/network.json";

    /// <summary>What the container's own server of names reads; missing where it has none.</summary>
    public string NamesConfig => $"{Directory}/names.conf";

    /// <summary>The process id of that server.</summary>
    public string NamesPid => $"{Directory}/names.pid";

    /// <summary>Where the root is mounted for people who look at it; missing where it is not.</summary>
    public string Mount => $"{Directory}/mount";

    /// <summary>Where other images are mounted for the runtime to mount them in the container, in the mount namespace of the launch.</summary>
    public string Images => $"{Directory}/images";

    /// <summary>The layers of those that the container may write to.</summary>
    public string ImageLayers => $"{Scratch}/images";

    /// <summary>The directory to which conmon writes the exit status.</summary>
    public string ExitDirectory => $"{Directory}/exit";

    /// <summary>
    /// conmon's working directory, where it reports a lack of memory: in a directory that another user can write to, it would follow a link with the
    /// name of its file.
    /// </summary>
    public string MonitorDirectory => $"{Directory}/conmon";

    /// <summary>The file that conmon creates when the kernel has killed a process of the container for lack of memory.</summary>
    public string MonitorOutOfMemory => $"{MonitorDirectory}/oom";

    /// <summary>The exit status, a decimal number.</summary>
    public string ExitFile => $"{ExitDirectory}/{Id}";

    /// <summary>The socket for clients that attach.</summary>
    public string AttachSocket => $"{Directory}/attach";

    /// <summary>The FIFO for orders to conmon: terminal sizes, a new log file.</summary>
    public string MonitorControl => $"{Directory}/ctl";

    /// <summary>The FIFO for sizes of the terminal only.</summary>
    public string MonitorSizes => $"{Directory}/winsz";

    /// <summary>The record of its health since its start; missing before the first check.</summary>
    public string Health => $"{Directory}/health.json";

    /// <summary>The lock of whoever changes that record.</summary>
    public string HealthLock => $"{Directory}/health.lock";

    /// <summary>A directory with one directory for each process that exec has started.</summary>
    public string Execs => $"{Directory}/exec";

    /// <summary>The container's output on stdout and stderr, in the format of Kubernetes' log files.</summary>
    public string Log => $"{Scratch}/container.log";

    /// <summary>The cgroup, where systemd creates it.</summary>
    public string SystemdCgroup => CgroupPath.OfScope($"{Id}-{Store}");

    /// <summary>The cgroup, directly below each hierarchy's root: no parent is left behind.</summary>
    public string Cgroup => $"{StateLayout.CgroupPrefix}{Id}-{Store}";
}
