using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>How to copy.</summary>
internal sealed record CopyOptions
{
    /// <summary>Whether a source that is a symbolic link stands for its target.</summary>
    internal bool FollowLink { get; init; }

    /// <summary>Whether owners and setuid bits are preserved; else all files become root's, the caller's.</summary>
    internal bool Archive { get; init; }

    /// <summary>Whether a file may replace a directory with all that is in it, and a directory a file or a link.</summary>
    internal bool Overwrite { get; init; }

    /// <summary>Whether the copy goes to the host, where a program that another user can make setuid would endanger the host.</summary>
    internal bool ToHost { get; init; }

    /// <summary>Receives a message for each entry that could not be copied as it is.</summary>
    internal Action<string> Warn { get; init; } = _ => { };

    /// <summary>Whether a copy keeps an extended attribute: what users have set always, what gives rights together with owners.</summary>
    internal bool Keeps(FileAttribute attribute) => attribute.IsUsers || (Archive && attribute.IsPrivilege);

    /// <summary>The permission bits for a copy.</summary>
    internal UnixFileMode Permissions(UnixFileMode source) =>
        ToHost && !Archive ? source & ~(UnixFileMode.SetUser | UnixFileMode.SetGroup) : source;
}
