using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle.Logging;

/// <summary>The part of a log that was asked for.</summary>
internal sealed record LogQuery
{
    /// <summary>Leaves out lines that began before this.</summary>
    internal Instant? Since { get; init; }

    /// <summary>Leaves out lines that began after this.</summary>
    internal Instant? Until { get; init; }

    /// <summary>The number of lines from the end; null for all.</summary>
    internal long? Tail { get; init; }

    /// <summary>Whether each line is preceded by its time.</summary>
    internal bool Timestamps { get; init; }

    /// <summary>Whether each line of several containers begins with the name of its own, in place of the id.</summary>
    internal bool ByName { get; init; }

    /// <summary>What each line begins with; empty for nothing.</summary>
    internal ReadOnlyMemory<byte> Prefix { get; init; }

    /// <summary>Whether to continue until the container has ended.</summary>
    internal bool Follow { get; init; }
}
