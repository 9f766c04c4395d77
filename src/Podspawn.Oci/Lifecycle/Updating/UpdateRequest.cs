namespace Podspawn.Oci.Lifecycle.Updating;

/// <summary>The changes to a container, as typed; null for what stays.</summary>
public sealed record UpdateRequest
{
    /// <summary><c>--pids-limit</c>.</summary>
    public long? PidsLimit { get; init; }

    /// <summary><c>--memory</c>.</summary>
    public string? Memory { get; init; }

    /// <summary><c>--cpus</c>.</summary>
    public string? Cpus { get; init; }

    /// <summary><c>--restart</c>.</summary>
    public string? Restart { get; init; }

    /// <summary>Whether a limit changes.</summary>
    internal bool ChangesLimits => PidsLimit is not null || Memory is not null || Cpus is not null;
}
