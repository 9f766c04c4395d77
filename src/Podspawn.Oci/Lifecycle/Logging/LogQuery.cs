using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Logging;

/// <summary>What of a log is wanted.</summary>
internal sealed record LogQuery
{
    /// <summary>Lines that began before this are left out.</summary>
    internal Instant? Since { get; init; }

    /// <summary>Lines that began after this are left out.</summary>
    internal Instant? Until { get; init; }

    /// <summary>How many lines at the end; null for all.</summary>
    internal long? Tail { get; init; }

    /// <summary>Whether each line begins with its time.</summary>
    internal bool Timestamps { get; init; }

    /// <summary>Whether to go on until the container has ended.</summary>
    internal bool Follow { get; init; }
}
