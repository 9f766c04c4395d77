using Podspawn.Oci.RootFilesystems;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.State.Records;

/// <summary>What a container was created from (<c>container.json</c>); only a rename or an update changes it. Its actual settings are in its config.json.</summary>
public sealed record ContainerDefinition
{
    /// <summary>The version of this record's format that we write.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of this record's format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Its id: 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Whether its launcher stays to its end, and then removes it; all others stay until they are removed.</summary>
    public bool Foreground { get; init; }

    /// <summary>The image as the user named it; null where it runs from a directory.</summary>
    public string? Image { get; init; }

    /// <summary>What it runs from: the image's name, or the directory.</summary>
    public string Origin => Image ?? RootDirectory;

    /// <summary>The digest of the image's manifest; null where it runs from a directory.</summary>
    public string? ImageDigest { get; init; }

    /// <summary>The directory below the container's layer: an image's, a bundle's, or the one that was named.</summary>
    public required string RootDirectory { get; init; }

    /// <summary>Whether the container writes to that directory itself.</summary>
    public bool RootfsWritable { get; init; }

    /// <summary>The driver of the layer that receives the container's writes.</summary>
    public StorageDriver StorageDriver { get; init; }

    /// <summary>Directories that are created in the layer at each start, absolute paths inside.</summary>
    public IReadOnlyList<string> Directories { get; init; } = [];

    /// <summary>The mounts that the user has asked for, volumes among them, in the order in which they are made.</summary>
    public IReadOnlyList<VolumeMount> Mounts { get; init; } = [];

    /// <summary>The root filesystems of the images that it runs from and has mounted.</summary>
    internal IEnumerable<string> ImageRoots =>
        [.. ImageDigest is null ? (string[])[] : [RootDirectory], .. Mounts.Select(mount => mount.Image?.RootDirectory).OfType<string>()];

    /// <summary>The devices of the host that it is given; their owners and modes are in its config.json.</summary>
    public IReadOnlyList<GivenDevice> Devices { get; init; } = [];

    /// <summary>The command and its arguments, without an init in front.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>How many words of <see cref="Command"/> are the entry point, the image's or the user's.</summary>
    public int EntrypointLength { get; init; }

    /// <summary>The network.</summary>
    public NetworkMode Network { get; init; }

    /// <summary>The path of the network namespace, where <see cref="Network"/> is <see cref="NetworkMode.Path"/>.</summary>
    public string? NetworkPath { get; init; }

    /// <summary>The networks, where <see cref="Network"/> is <see cref="NetworkMode.Bridge"/>.</summary>
    public IReadOnlyList<NetworkAttachment> Attachments { get; init; } = [];

    /// <summary>The host's ports that lead to it.</summary>
    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    /// <summary>What it may reach by its networks; null for everything.</summary>
    public EgressPolicy? Egress { get; init; }

    /// <summary>Whether it may send frames of its own making by its networks: it has NET_RAW or NET_ADMIN.</summary>
    public bool SendsFrames { get; init; }

    /// <summary>What it was given of the host beside the config's limits.</summary>
    public ResourceRequest Resources { get; init; } = ResourceRequest.None;

    /// <summary>The containers that run before this one does, in order.</summary>
    public IReadOnlyList<OtherContainer> Requires { get; init; } = [];

    /// <summary>The namespaces that it shares.</summary>
    public SharedNamespaces Namespaces { get; init; } = SharedNamespaces.None;

    /// <summary>What its files of names hold.</summary>
    public NameResolution Names { get; init; } = NameResolution.Usual;

    /// <summary>The time zone that it was given; null for the image's own.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The host name inside.</summary>
    public required string HostName { get; init; }

    /// <summary>Whether it has a terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>Whether its stdin stays open for clients that attach.</summary>
    public bool Interactive { get; init; }

    /// <summary>Its runtime.</summary>
    public required RuntimeProgram Runtime { get; init; }

    /// <summary>Its cgroup below each hierarchy's root; null on a host without cgroups.</summary>
    public string? Cgroup { get; init; }

    /// <summary>How it is asked whether it is healthy; null for not at all.</summary>
    public HealthCheck? Health { get; init; }

    /// <summary>The options for its life after its start.</summary>
    public LifecycleOptions Lifecycle { get; init; } = new();

    /// <summary>The arguments of <c>podspawn-oci</c> that created it: for a unit that creates it again.</summary>
    public IReadOnlyList<string> CreateCommand { get; init; } = [];

    /// <summary>The directory that relative paths in <see cref="CreateCommand"/> start from.</summary>
    public string CreatedIn { get; init; } = "/";
}

/// <summary>A runtime, as needed to call it again.</summary>
/// <param name="Program">Its absolute path.</param>
/// <param name="Name"><c>runc</c>, <c>crun</c> or <c>runsc</c>.</param>
/// <param name="Version">The version that it reports.</param>
/// <param name="Flags">The user's additional flags for it.</param>
public sealed record RuntimeProgram(string Program, string Name, string Version, IReadOnlyList<string> Flags);
