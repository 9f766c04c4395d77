namespace Podspawn.Oci.Lifecycle.Diff;

/// <summary>A change that a container has made to a path.</summary>
/// <param name="Kind">The kind of change.</param>
/// <param name="Path">The path inside the container.</param>
public sealed record FileChange(FileChangeKind Kind, string Path);

/// <summary>The kinds of changes.</summary>
public enum FileChangeKind
{
    /// <summary>The path was created.</summary>
    Added,

    /// <summary>The path, or something below it, was modified.</summary>
    Changed,

    /// <summary>The path was removed.</summary>
    Deleted,
}
