using Podspawn.Oci.Configuration;
using Podspawn.Oci.Host;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>What the user asked for, as typed: nothing resolved or checked yet.</summary>
public sealed record LaunchOptions
{
    /// <summary>The config, with the flags applied.</summary>
    public required PodspawnConfig Config { get; init; }

    /// <summary><c>--rootfs</c>.</summary>
    public string? RootfsPath { get; init; }

    /// <summary><c>--bundle</c>.</summary>
    public string? BundlePath { get; init; }

    /// <summary>The image to run from, instead of a root filesystem or a bundle.</summary>
    public ImageRequest? Image { get; init; }

    /// <summary>The images that are mounted beside it: those that <see cref="MountTexts"/> name.</summary>
    public IReadOnlyList<ImageRequest> MountedImages { get; init; } = [];

    /// <summary><c>--storage-driver</c>.</summary>
    public StorageDriver StorageDriver { get; init; }

    /// <summary><c>--entrypoint</c>: replaces the image's, whose arguments are then dropped as well; null where it was not given.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary><c>--rootfs-writable</c>.</summary>
    public bool RootfsWritable { get; init; }

    /// <summary><c>--interactive</c>: the caller's stdin goes to the container.</summary>
    public bool Interactive { get; init; }

    /// <summary><c>--tty</c>.</summary>
    public bool Terminal { get; init; }

    /// <summary>The command and its arguments; empty for the bundle's or the config's shell.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary><c>--env</c>: <c>NAME=value</c>, or <c>NAME</c> for the caller's own value.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary><c>--env-file</c>.</summary>
    public IReadOnlyList<string> EnvironmentFiles { get; init; } = [];

    /// <summary><c>--env-host</c>: the caller's variables come first.</summary>
    public bool HostEnvironment { get; init; }

    /// <summary><c>--unsetenv</c>: names of variables that are neither the image's nor ours.</summary>
    public IReadOnlyList<string> UnsetEnvironment { get; init; } = [];

    /// <summary><c>--unsetenv-all</c>.</summary>
    public bool UnsetAllEnvironment { get; init; }

    /// <summary><c>--group-add</c>: names or numbers of further groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>What its files of names hold.</summary>
    public NameOptions Names { get; init; } = new();

    /// <summary><c>--tz</c>: <c>local</c> or the name of a zone; null for the image's own.</summary>
    public string? TimeZone { get; init; }

    /// <summary><c>--workdir</c>.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary><c>--user</c>.</summary>
    public string? User { get; init; }

    /// <summary><c>--volume</c>: <c>[SRC:]DST[:OPTIONS]</c>.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary><c>--mount</c>: <c>type=bind|volume|tmpfs|image,KEY=VALUE,...</c>; those of type tmpfs are in the config as well.</summary>
    public IReadOnlyList<string> MountTexts { get; init; } = [];

    /// <summary><c>--volumes-from</c>: <c>CONTAINER[:ro]</c>.</summary>
    public IReadOnlyList<string> VolumesFrom { get; init; } = [];

    /// <summary><c>--image-volume</c>: what becomes of the volumes that the image declares.</summary>
    public ImageVolumeMode ImageVolumes { get; init; }

    /// <summary>Bind mounts that we add, not the user: their sources need not exist yet, and their destinations are our own.</summary>
    internal IReadOnlyList<VolumeMount> Mounts { get; init; } = [];

    /// <summary>What it asks of the kernel beside the config.</summary>
    public ResourceOptions Resources { get; init; } = new();

    /// <summary>Devices of the host that it asks for.</summary>
    public DeviceOptions Devices { get; init; } = new();

    /// <summary><c>--requires</c>: names of containers that run before this one does.</summary>
    public IReadOnlyList<string> Requires { get; init; } = [];

    /// <summary>Namespaces that it shares.</summary>
    public NamespaceOptions Namespaces { get; init; } = new();

    /// <summary>Paths that are covered beside the config's, or are not.</summary>
    public MaskOptions Masks { get; init; } = new();

    /// <summary><c>--runtime-flag</c>: arguments of the runtime itself, with or without leading dashes.</summary>
    public IReadOnlyList<string> RuntimeFlags { get; init; } = [];

    /// <summary><c>--hostname</c>.</summary>
    public string? HostName { get; init; }

    /// <summary><c>--name</c>.</summary>
    public string? Name { get; init; }

    /// <summary><c>--preserve-fds</c>: how many descriptors of the caller, from 3 on, the process has; only in the foreground.</summary>
    public int PreservedDescriptors { get; init; }

    /// <summary><c>--cidfile</c>: the file that receives the container's id before its command begins; null for none.</summary>
    public IdFile? IdFile { get; init; }

    /// <summary><c>--replace</c>: a container that has the name is removed first, once all that is known of the launch is found good.</summary>
    public bool Replace { get; init; }

    /// <summary>
    /// Whether the command is looked for by the start only, as with a container that is made now and started later: what is not in the root yet may be there by then.
    /// </summary>
    public bool CommandComesLater { get; init; }

    /// <summary>The container's id; null where it is not made yet, or is planned on paper only.</summary>
    internal string? Id { get; init; }

    /// <summary><c>--init</c>: a small first process that passes signals on and reaps the dead.</summary>
    public bool Init { get; init; }

    /// <summary>How it is asked whether it is healthy.</summary>
    public HealthOptions Health { get; init; } = new();

    /// <summary>The options for the container's life after its start.</summary>
    public LifecycleOptions Lifecycle { get; init; } = new();

    /// <summary>The command line that asked for all this, without the program's name.</summary>
    public IReadOnlyList<string> CreateCommand { get; init; } = [];

    /// <summary>The directory that relative paths in <see cref="CreateCommand"/> start from.</summary>
    public string CreatedIn { get; init; } = "/";

    /// <summary>The source of the signals that end a launch, or that are forwarded to the container's process; null for none.</summary>
    public ISignalSource? Signals { get; init; }

    /// <summary><c>--cgroup-manager</c>; null to detect it.</summary>
    public CgroupManager? CgroupManager { get; init; }

    /// <summary>The networks, and the ports that lead to the container.</summary>
    public NetworkOptions Networks { get; init; } = new();

    /// <summary><c>--allow-unenforced</c>.</summary>
    public IReadOnlySet<string> AllowUnenforced { get; init; } = new HashSet<string>();
}
