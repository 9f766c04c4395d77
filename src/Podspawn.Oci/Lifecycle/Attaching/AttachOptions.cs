using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Lifecycle.Attaching;

/// <summary>How to look at a container's streams.</summary>
public sealed record AttachOptions
{
    /// <summary>Whether our stdin goes to the container, where it was made to read any.</summary>
    public bool Input { get; init; } = true;

    /// <summary>Whether the signals that reach us go to the container's process; not where it has a terminal.</summary>
    public bool ProxySignals { get; init; } = true;

    /// <summary>What leaves the container's terminal when it is typed; null for nothing.</summary>
    public DetachKeys? DetachKeys { get; init; } = DetachKeys.Default;
}
