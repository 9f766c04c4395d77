using Podspawn.Oci.RootFilesystems;

namespace Podspawn.Oci.State.Records;

/// <summary>
/// How far a container's life has gone (<c>state.json</c>, which only kept containers have). A cache: what its processes and its runtime say
/// goes before it.
/// </summary>
public sealed record ContainerState
{
    /// <summary>The version that we write.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of this record's form.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Where it is in its life.</summary>
    public ContainerStatus Status { get; init; }

    /// <summary>Its first process on the host (under gVisor: the Sentry); null where it has none.</summary>
    public ProcessIdentity? Process { get; init; }

    /// <summary>The conmon that watches it; null where none does.</summary>
    public ProcessIdentity? Monitor { get; init; }

    /// <summary>Who waits to start it again; null where nobody does.</summary>
    public ProcessIdentity? Restarter { get; init; }

    /// <summary>What takes what it writes, as it was last mounted; null before its first start, or where it writes to the directory itself.</summary>
    public StorageDriver? Layer { get; init; }

    /// <summary>Whether somebody is about to freeze its processes, or to let them go on: the runtime knows how far that went.</summary>
    public bool Freezing { get; init; }

    /// <summary>Whether its end is written down, and what its run has left on the host has still to go.</summary>
    public bool Releasing { get; init; }

    /// <summary>When it was last started.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it last ended.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>The status that it ended with, 128 + n for signal n; null before its first end.</summary>
    public int? ExitStatus { get; init; }

    /// <summary>Whether the kernel ended a process of it for want of memory in its last run.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>What else is to be told of its end.</summary>
    public string? Error { get; init; }

    /// <summary>How often it was started again in a row by its restart policy.</summary>
    public int Restarts { get; init; }

    /// <summary>Whether somebody asked for its end, so that no policy starts it again.</summary>
    public bool StopRequested { get; init; }
}

/// <summary>Where a container is in its life; the words are docker's.</summary>
public enum ContainerStatus
{
    /// <summary>Made, never started.</summary>
    Created,

    /// <summary>Being started by whoever holds its lock.</summary>
    Starting,

    /// <summary>Its process runs.</summary>
    Running,

    /// <summary>Its processes are frozen.</summary>
    Paused,

    /// <summary>Its process has ended, and its policy will start it again in a moment.</summary>
    Restarting,

    /// <summary>Its process has ended.</summary>
    Exited,

    /// <summary>Being removed by whoever holds its lock.</summary>
    Removing,
}
