namespace Podspawn.Oci.Lifecycle.Diff;

/// <summary>What a container has done to a path.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Path">The path inside.</param>
public sealed record FileChange(FileChangeKind Kind, string Path);

/// <summary>What can be done to a path.</summary>
public enum FileChangeKind
{
    /// <summary>It was made.</summary>
    Added,

    /// <summary>It, or something below it, became another.</summary>
    Changed,

    /// <summary>It was removed.</summary>
    Deleted,
}
