namespace Podspawn.Oci.Translation.Tmpfs;

/// <summary>One option of a tmpfs mount.</summary>
/// <param name="Group">The key, or the group that a flag shares with its opposite: the last of a group wins.</param>
/// <param name="Text">As written: <c>noexec</c>, <c>size=64m</c>.</param>
internal sealed record TmpfsOption(string Group, string Text)
{
    /// <summary>The text after the equals sign, or "".</summary>
    public string Value => Text.IndexOf('=') is var at and >= 0 ? Text[(at + 1)..] : "";
}

/// <summary>A tmpfs mount of the config.</summary>
/// <param name="Path">The mount point.</param>
/// <param name="Options">The default and the user's options, the last of each group, in the order in which they apply.</param>
internal sealed record TmpfsMount(string Path, IReadOnlyList<TmpfsOption> Options);
