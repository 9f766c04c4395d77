using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Docker's words for a container's health.</summary>
public static class HealthWords
{
    /// <summary>The word for a container without a check.</summary>
    public const string None = "none";

    /// <summary>The word for a status.</summary>
    public static string Of(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Unhealthy => "unhealthy",
        _ => "starting",
    };

    /// <summary>Every word that there is.</summary>
    public static IReadOnlyList<string> All { get; } = ["starting", "healthy", "unhealthy", None];
}
