namespace Podspawn.Oci.State.Records;

/// <summary>How a container's life goes on after its start: nothing here changes what it may do.</summary>
public sealed record LifecycleOptions
{
    /// <summary>Docker's.</summary>
    internal const int DefaultStopTimeoutSeconds = 10;

    /// <summary><c>--label</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary><c>--restart</c>.</summary>
    public RestartPolicy Restart { get; init; } = RestartPolicy.No;

    /// <summary><c>--rm</c>: it is removed when it has ended.</summary>
    public bool Remove { get; init; }

    /// <summary><c>--timeout</c>, or podspawn's <c>session.max_lifetime</c>: seconds until it is killed; 0 for never.</summary>
    public long TimeoutSeconds { get; init; }

    /// <summary><c>--stop-signal</c>, or the image's: the number of the signal that asks it to end; null for SIGTERM.</summary>
    public int? StopSignal { get; init; }

    /// <summary><c>--stop-timeout</c>: seconds until SIGKILL follows.</summary>
    public int StopTimeoutSeconds { get; init; } = DefaultStopTimeoutSeconds;

    /// <summary><c>--pid-file</c>: an absolute path that gets the process id of its first process; null for none.</summary>
    public string? PidFile { get; init; }

    /// <summary><c>--log-opt max-size</c>: bytes of log after which it begins anew; 0 for no limit.</summary>
    public long LogSizeMax { get; init; }
}

/// <summary>Whether a container is started again when it has ended.</summary>
/// <param name="Condition">When.</param>
/// <param name="MaximumRetries">How often after failures in a row; 0 for no limit.</param>
public sealed record RestartPolicy(RestartCondition Condition, int MaximumRetries = 0)
{
    /// <summary>Never.</summary>
    public static RestartPolicy No { get; } = new(RestartCondition.No);
}

/// <summary>When a container is started again.</summary>
public enum RestartCondition
{
    /// <summary>Never.</summary>
    No,

    /// <summary>When its exit status is not 0.</summary>
    OnFailure,

    /// <summary>Whenever it has ended by itself.</summary>
    Always,
}
