namespace Podspawn.Oci.State.Records;

/// <summary>The options for a container's life after its start: nothing here changes what it is allowed to do.</summary>
public sealed record LifecycleOptions
{
    /// <summary>The default, which is docker's.</summary>
    internal const int DefaultStopTimeoutSeconds = 10;

    /// <summary><c>--label</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary><c>--restart</c>.</summary>
    public RestartPolicy Restart { get; init; } = RestartPolicy.No;

    /// <summary><c>--rm</c>: the container is removed when it has ended.</summary>
    public bool Remove { get; init; }

    /// <summary><c>--timeout</c>, or podspawn's <c>session.max_lifetime</c>: seconds until the container is killed; 0 for never.</summary>
    public long TimeoutSeconds { get; init; }

    /// <summary><c>--stop-signal</c>, or the image's: the number of the signal that stops the container; null for SIGTERM.</summary>
    public int? StopSignal { get; init; }

    /// <summary><c>--stop-timeout</c>: seconds between the stop signal and SIGKILL.</summary>
    public int StopTimeoutSeconds { get; init; } = DefaultStopTimeoutSeconds;

    /// <summary><c>--pid-file</c>: an absolute path; the file gets the id of the container's first process. Null for none.</summary>
    public string? PidFile { get; init; }

    /// <summary><c>--conmon-pidfile</c>: an absolute path; the file gets the id of the container's monitor. Null for none.</summary>
    public string? MonitorPidFile { get; init; }

    /// <summary><c>--log-opt max-size</c>: the size in bytes at which the log is rotated; 0 for no limit.</summary>
    public long LogSizeMax { get; init; }

    /// <summary>Where what it says goes.</summary>
    public LogTarget Log { get; init; } = LogTarget.Usual;

    /// <summary>Who is told when it has started.</summary>
    public NotifyTarget Notify { get; init; } = NotifyTarget.Nobody;
}

/// <summary>Whether a container is restarted when it has ended.</summary>
/// <param name="Condition">When it is restarted.</param>
/// <param name="MaximumRetries">How often after failures in a row; 0 for no limit.</param>
public sealed record RestartPolicy(RestartCondition Condition, int MaximumRetries = 0)
{
    /// <summary>Never.</summary>
    public static RestartPolicy No { get; } = new(RestartCondition.No);
}

/// <summary>When a container is restarted.</summary>
public enum RestartCondition
{
    /// <summary>Never.</summary>
    No,

    /// <summary>When its exit status is not 0.</summary>
    OnFailure,

    /// <summary>Whenever it has ended without being stopped.</summary>
    Always,
}
