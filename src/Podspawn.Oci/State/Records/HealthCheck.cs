namespace Podspawn.Oci.State.Records;

/// <summary>How a container is asked whether it is healthy; the words are docker's.</summary>
public sealed record HealthCheck
{
    /// <summary>Docker's defaults.</summary>
    internal static readonly TimeSpan UsualInterval = TimeSpan.FromSeconds(30), UsualTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Docker's default.</summary>
    internal const int UsualRetries = 3;

    /// <summary>The command and its arguments, which runs in the container; a success is exit status 0.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The time between two checks; zero where nothing checks by itself.</summary>
    public TimeSpan Interval { get; init; } = UsualInterval;

    /// <summary>The time after which a check is killed, and has failed.</summary>
    public TimeSpan Timeout { get; init; } = UsualTimeout;

    /// <summary>The time after a start in which failures do not count.</summary>
    public TimeSpan StartPeriod { get; init; }

    /// <summary>How many failures in a row make a container unhealthy.</summary>
    public int Retries { get; init; } = UsualRetries;
}

/// <summary>A container's health since its start.</summary>
/// <param name="Status">What the checks say.</param>
/// <param name="FailingStreak">How many have failed in a row.</param>
/// <param name="Log">The last checks, the oldest first.</param>
public sealed record ContainerHealth(HealthStatus Status, int FailingStreak, IReadOnlyList<HealthResult> Log)
{
    /// <summary>podman's bound: what a container writes must not grow without an end.</summary>
    internal const int MostResults = 5, MostOutput = 500;

    /// <summary>Before the first check.</summary>
    public static ContainerHealth Unknown { get; } = new(HealthStatus.Starting, 0, []);

    /// <summary>The health after one more check.</summary>
    /// <param name="check">How it is checked.</param>
    /// <param name="result">The result.</param>
    /// <param name="started">When the container was started.</param>
    internal ContainerHealth After(HealthCheck check, HealthResult result, DateTimeOffset? started)
    {
        IReadOnlyList<HealthResult> log = [.. Log.Append(result).TakeLast(MostResults)];
        if (result.ExitStatus == 0)
            return new ContainerHealth(HealthStatus.Healthy, 0, log);
        if (Status == HealthStatus.Starting && result.Start - started < check.StartPeriod)
            return this with { Log = log };
        int streak = FailingStreak + 1;
        return new ContainerHealth(streak >= check.Retries ? HealthStatus.Unhealthy : Status, streak, log);
    }
}

/// <summary>One check.</summary>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended.</param>
/// <param name="ExitStatus">Its command's exit status; -1 where it was killed at its time limit.</param>
/// <param name="Output">The beginning of what it wrote.</param>
public sealed record HealthResult(DateTimeOffset Start, DateTimeOffset End, int ExitStatus, string Output);

/// <summary>What the checks say.</summary>
public enum HealthStatus
{
    /// <summary>No check has succeeded yet, and too few have failed.</summary>
    Starting,

    /// <summary>The last check has succeeded, or too few have failed since.</summary>
    Healthy,

    /// <summary>Too many checks have failed in a row.</summary>
    Unhealthy,
}
