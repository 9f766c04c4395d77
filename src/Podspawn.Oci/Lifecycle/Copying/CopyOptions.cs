namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>How to copy.</summary>
internal sealed record CopyOptions
{
    /// <summary>Whether a source that is a symbolic link means what it leads to.</summary>
    internal bool FollowLink { get; init; }

    /// <summary>Whether owners and setuid bits are kept; else all becomes root's, as of whoever calls us.</summary>
    internal bool Archive { get; init; }

    /// <summary>Whether what is written goes to the host, where a program that another user can make setuid would be the host's trouble.</summary>
    internal bool ToHost { get; init; }

    /// <summary>Takes what could not be copied as it is.</summary>
    internal Action<string> Warn { get; init; } = _ => { };

    /// <summary>The permission bits that a copy gets.</summary>
    internal UnixFileMode Permissions(UnixFileMode source) =>
        ToHost && !Archive ? source & ~(UnixFileMode.SetUser | UnixFileMode.SetGroup) : source;
}
