namespace Podspawn.Oci.Configuration;

/// <summary>The honoured keys of the <c>session</c> section of a podspawn config.</summary>
public sealed record SessionConfig
{
    /// <summary><c>max_lifetime</c>: seconds until a container is killed; 0 for never.</summary>
    public long MaxLifetimeSeconds { get; init; }
}
