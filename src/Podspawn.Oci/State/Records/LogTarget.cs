namespace Podspawn.Oci.State.Records;

/// <summary>Where conmon writes what a container says (conmon(8), <c>--log-path</c>).</summary>
public sealed record LogTarget
{
    /// <summary>A file of the store.</summary>
    public static LogTarget Usual { get; } = new();

    /// <summary>Who takes it.</summary>
    public LogDriver Driver { get; init; }

    /// <summary>The absolute path of a file of the user's own, in place of the store's; null for that.</summary>
    public string? Path { get; init; }

    /// <summary>What the journal writes beside each entry (<c>CONTAINER_TAG</c>); null for nothing.</summary>
    public string? Tag { get; init; }

    /// <summary>Whether there is a file.</summary>
    internal bool IsFile => Driver is LogDriver.K8sFile or LogDriver.JsonFile;
}

/// <summary>Who takes what a container says.</summary>
public enum LogDriver
{
    /// <summary>A file in Kubernetes' format.</summary>
    K8sFile,

    /// <summary>The same file, by docker's word for its own.</summary>
    JsonFile,

    /// <summary>systemd's journal.</summary>
    Journald,

    /// <summary>Nobody.</summary>
    None,
}
