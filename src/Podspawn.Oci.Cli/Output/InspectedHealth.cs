using Podspawn.Oci.Lifecycle;

namespace Podspawn.Oci.Cli.Output;

/// <summary>The health of an inspected container, in docker's form.</summary>
internal sealed record InspectedHealth(string Status, int FailingStreak, IReadOnlyList<InspectedCheck> Log)
{
    /// <summary>The health; null where nobody asks for it.</summary>
    internal static InspectedHealth? Of(Container container) => container.Health is not { } health ? null : new InspectedHealth(
        HealthWords.Of(health.Status), health.FailingStreak,
        [.. health.Log.Select(result => new InspectedCheck(result.Start, result.End, result.ExitStatus, result.Output))]);
}

/// <summary>One check of an inspected container; what it wrote is the container's own text, cleaned and cut.</summary>
internal sealed record InspectedCheck(DateTimeOffset Start, DateTimeOffset End, int ExitCode, string Output);
