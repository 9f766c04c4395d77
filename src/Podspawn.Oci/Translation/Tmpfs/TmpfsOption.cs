namespace Podspawn.Oci.Translation.Tmpfs;

/// <summary>One option of a tmpfs mount.</summary>
/// <param name="Group">The key, or what a flag shares with its opposite: the last of a group wins.</param>
/// <param name="Text">As written: <c>noexec</c>, <c>size=64m</c>.</param>
internal sealed record TmpfsOption(string Group, string Text)
{
    /// <summary>What stands after the equals sign, or "".</summary>
    public string Value => Text.IndexOf('=') is var at and >= 0 ? Text[(at + 1)..] : "";
}

/// <summary>A tmpfs mount of the config.</summary>
/// <param name="Path">Where.</param>
/// <param name="Options">The default ones and the user's, the last of each group, in the order in which they count.</param>
internal sealed record TmpfsMount(string Path, IReadOnlyList<TmpfsOption> Options);
