namespace Podspawn.Oci.Translation.Requests;

/// <summary>The namespaces that a container does not have for itself alone.</summary>
public sealed record SharedNamespaces
{
    /// <summary>Every namespace is its own.</summary>
    public static SharedNamespaces None { get; } = new();

    /// <summary>How its shared memory and its queues are kept.</summary>
    public IpcMode Ipc { get; init; }

    /// <summary>The container whose shared memory and queues it uses; null unless <see cref="Ipc"/> is <see cref="IpcMode.Container"/>.</summary>
    public OtherContainer? IpcOf { get; init; }

    /// <summary>The container among whose processes its own are; null for none.</summary>
    public OtherContainer? PidOf { get; init; }

    /// <summary>The container whose network it uses; null for none.</summary>
    public OtherContainer? NetworkOf { get; init; }

    /// <summary>The host's absolute path of the directory in which a launch makes what the runtime joins: <c>ipc</c>, <c>pid</c>, <c>shm</c> and <c>net</c>.</summary>
    public string Directory { get; init; } = "/run/podspawn-oci/joined";

    /// <summary>The file of the namespace of processes to join.</summary>
    public string PidPath => $"{Directory}/pid";

    /// <summary>The file of the namespace of shared memory and queues to join.</summary>
    public string IpcPath => $"{Directory}/ipc";

    /// <summary>The directory of the shared memory to mount.</summary>
    public string MemoryPath => $"{Directory}/shm";

    /// <summary>The file of the network namespace to join.</summary>
    public string NetworkPath => $"{Directory}/net";

    /// <summary>Whether it joins another container's.</summary>
    public bool Joins => IpcOf is not null || PidOf is not null || NetworkOf is not null;
}

/// <summary>Another container of the same store.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The name that it had when it was named.</param>
public sealed record OtherContainer(string Id, string Name);

/// <summary>How a container's shared memory and its queues are kept (docker's <c>--ipc</c>).</summary>
public enum IpcMode
{
    /// <summary>For itself.</summary>
    Private,

    /// <summary>Its own, which other containers may join.</summary>
    Shareable,

    /// <summary>Its own, without /dev/shm.</summary>
    None,

    /// <summary>Another container's.</summary>
    Container,
}
