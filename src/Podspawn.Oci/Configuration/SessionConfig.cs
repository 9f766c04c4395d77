namespace Podspawn.Oci.Configuration;

/// <summary>The honoured keys of the <c>session</c> section of a podspawn config.</summary>
public sealed record SessionConfig
{
    /// <summary><c>max_lifetime</c>: the time until a container is killed; zero for never.</summary>
    public TimeSpan MaxLifetime { get; init; }
}
