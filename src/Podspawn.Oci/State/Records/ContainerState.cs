using Podspawn.Oci.RootFilesystems;

namespace Podspawn.Oci.State.Records;

/// <summary>The recorded state of a container (<c>state.json</c>, which only detached containers have). It is a cache: its processes and its runtime take precedence.</summary>
public sealed record ContainerState
{
    /// <summary>The version of this record's format that we write.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of this record's format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Its status.</summary>
    public ContainerStatus Status { get; init; }

    /// <summary>Its first process on the host (under gVisor: the Sentry); null where it has none.</summary>
    public ProcessIdentity? Process { get; init; }

    /// <summary>The conmon that monitors it; null for none.</summary>
    public ProcessIdentity? Monitor { get; init; }

    /// <summary>The process that waits to restart it; null for none.</summary>
    public ProcessIdentity? Restarter { get; init; }

    /// <summary>The driver of its layer when it was last mounted; null before its first start, or where it writes to the directory itself.</summary>
    public StorageDriver? Layer { get; init; }

    /// <summary>Whether a process is about to freeze or thaw its processes: the runtime knows how far that went.</summary>
    public bool Freezing { get; init; }

    /// <summary>The process that has paused it for its own work, and lets it go on; null where a user has paused it, and where nobody has.</summary>
    public ProcessIdentity? Pauser { get; init; }

    /// <summary>The process that has asked it to end and waits for that; null where nobody has.</summary>
    public ProcessIdentity? Stopper { get; init; }

    /// <summary>Whether its end is recorded, while what its run has left on the host has not been removed yet.</summary>
    public bool Releasing { get; init; }

    /// <summary>When it was last started.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it last ended.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>The exit status of its last run, 128 + n for signal n, -1 where it was killed at the end of its time; null before its first end.</summary>
    public int? ExitStatus { get; init; }

    /// <summary>Whether the kernel killed one of its processes for lack of memory in its last run.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>An error about its end; null for none.</summary>
    public string? Error { get; init; }

    /// <summary>How often its restart policy has restarted it in a row.</summary>
    public int Restarts { get; init; }

    /// <summary>Whether a user has stopped, killed, removed or paused it since its last start, so that no policy restarts it.</summary>
    public bool StopRequested { get; init; }
}

/// <summary>The status of a container; the words are docker's.</summary>
public enum ContainerStatus
{
    /// <summary>Created, never started.</summary>
    Created,

    /// <summary>Being started by the holder of its lock.</summary>
    Starting,

    /// <summary>Its process runs.</summary>
    Running,

    /// <summary>Its processes are frozen.</summary>
    Paused,

    /// <summary>Its process has ended, and its policy will restart it in a moment.</summary>
    Restarting,

    /// <summary>Its process has ended.</summary>
    Exited,

    /// <summary>Being removed by the holder of its lock.</summary>
    Removing,

    /// <summary>It runs, and a process that has asked it to end waits for that. Never recorded: it is running where that process is gone.</summary>
    Stopping,
}
