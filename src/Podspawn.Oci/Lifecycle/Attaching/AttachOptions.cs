using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Lifecycle.Attaching;

/// <summary>How to attach to a container's streams.</summary>
public sealed record AttachOptions
{
    /// <summary>Whether our stdin goes to the container, where the container was created to read it.</summary>
    public bool Input { get; init; } = true;

    /// <summary>Whether what the container writes to its stdout is passed on. A terminal's output is all stdout.</summary>
    public bool Output { get; init; } = true;

    /// <summary>Whether what the container writes to its stderr is passed on.</summary>
    public bool Errors { get; init; } = true;

    /// <summary>Whether the signals that reach us are forwarded to the container's process; ignored where it has a terminal.</summary>
    public bool ProxySignals { get; init; } = true;

    /// <summary>The keys that detach from the container's terminal; null for none.</summary>
    public DetachKeys? DetachKeys { get; init; } = DetachKeys.Default;
}
