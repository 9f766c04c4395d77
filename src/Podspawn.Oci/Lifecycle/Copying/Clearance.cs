using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>
/// Clears the way for new entries of a copy. A file or a link gives way to a file or a link; where one of the two is a directory, what is there goes only
/// if that was asked for, as with podman. What is mounted never goes: from outside of a container's mount namespace, the kernel would take it away together
/// with the name below it. Nor does what the container's mounts need when it runs.
/// </summary>
/// <param name="side">How messages name the target's side.</param>
/// <param name="path">Where on that side the copy begins.</param>
/// <param name="source">The prefix of the names in messages that stands for that path.</param>
/// <param name="overwrite">Whether directories and other entries replace each other.</param>
/// <param name="setting">What the caller can ask for that with; null for nothing.</param>
internal sealed class Clearance(string side, string path, string source, bool overwrite, Setting? setting)
{
    private FileIdentity? copied;
    private Lazy<IReadOnlySet<FileIdentity>> mountPoints = new(() => new HashSet<FileIdentity>());

    /// <summary>Of a copy that has not begun.</summary>
    internal static Clearance None { get; } = new("", "", "", overwrite: false, setting: null);

    /// <summary>Of an archive that is unpacked in a tree.</summary>
    internal static Clearance Of(CopyTree tree, bool overwrite, Setting? setting) =>
        new(tree.Shown, "", tree.Shown, overwrite, setting) { mountPoints = new Lazy<IReadOnlySet<FileIdentity>>(tree.MountPoints) };

    /// <summary>Of a copy to a target. On the host a message names its directory first, and the path from there, as podman does.</summary>
    internal static Clearance Of(CopySource source, CopyTarget target, CopyOptions options)
    {
        bool isHost = target.Side.Length == 0;
        string shown = target.Shown.EndsWith("/.", StringComparison.Ordinal) ? target.Shown[..^2] : target.Shown.TrimEnd('/');
        string path = isHost ? "" : shown[Math.Min(target.Side.Length, shown.Length)..];
        if ((isHost ? target.Name ?? source.Name : target.Name is null ? source.Name : null) is { } name)
            path += $"/{name.Text}";
        return new Clearance(isHost ? $"{target.Shown}:" : target.Side, path, source.Shown.TrimEnd('/'), options.Overwrite, Setting.Overwrite)
        {
            copied = source.Facts.Identity,
            mountPoints = new Lazy<IReadOnlySet<FileIdentity>>(target.MountPoints),
        };
    }

    /// <summary>Removes what has the name of a new entry that is no directory.</summary>
    /// <exception cref="ContainerException">That must not go, or the filesystem refuses.</exception>
    internal void ForFile(SafeFileHandle directory, EntryName name, string shown)
    {
        using SafeFileHandle? there = Open(directory, name, shown);
        if (there is null)
            return;
        EntryFacts facts = FactsOf(there, shown);
        if (facts.IsDirectory && !overwrite)
            throw InTheWay(facts, shown);
        if (facts.IsDirectory)
            RequireRemovable(there, facts, shown);
        Remove(directory, name, facts, shown);
    }

    /// <summary>Removes what has the name of a new directory and is none.</summary>
    /// <exception cref="ContainerException">That must not go, or the filesystem refuses.</exception>
    internal void ForDirectory(SafeFileHandle directory, EntryName name, string shown)
    {
        using SafeFileHandle? there = Open(directory, name, shown);
        if (there is null || FactsOf(there, shown) is not { IsDirectory: false } facts)
            return;
        if (!overwrite)
            throw InTheWay(facts, shown);
        RequireReplaceable(facts, shown);
        Remove(directory, name, facts, shown);
    }

    private static SafeFileHandle? Open(SafeFileHandle directory, EntryName name, string shown)
    {
        SafeFileHandle? there = EntryCalls.Open(directory, name, PathCalls.O_PATH, out int errno);
        if (there is null)
            return errno == Errno.ENOENT ? null : throw CopyFailure.Of(shown, errno);
        if (FileStatus.IsSameMount(directory, there))
            return there;
        there.Dispose();
        throw CopyFailure.Of(shown, "something is mounted at its name at the target, and stays; unmount that first, or copy to another path");
    }

    private static void Remove(SafeFileHandle directory, EntryName name, EntryFacts facts, string shown)
    {
        int errno = facts.IsDirectory ? TreeRemoval.Remove(directory, name) : EntryCalls.Remove(directory, name);
        if (errno == Errno.ENOTEMPTY)
        {
            throw CopyFailure.Of(
                shown, "the directory that has this name at the target cannot be removed whole; see which of its files are protected (lsattr), or written meanwhile");
        }
        // A directory has come in its place: the next attempt finds that.
        if (errno is not (0 or Errno.ENOENT or Errno.EISDIR))
            throw CopyFailure.Of(shown, errno);
    }

    // Looked through before anything goes, so that all of it stays where a part must.
    private void RequireRemovable(SafeFileHandle tree, EntryFacts facts, string shown)
    {
        try
        {
            RequireRemovable(tree, facts, shown, 0);
        }
        catch (IOException e)
        {
            throw CopyFailure.Of(shown, $"the directory that has this name at the target cannot be looked through: {e.Message}; remove that first");
        }
    }

    private static EntryFacts FactsOf(SafeFileHandle there, string shown)
    {
        try
        {
            return EntryFacts.Of(there);
        }
        catch (IOException e)
        {
            throw CopyFailure.Of(shown, e.Message);
        }
    }

    private void RequireRemovable(SafeFileHandle tree, EntryFacts facts, string shown, int level)
    {
        if (level > TreeWalk.DeepestLevel)
            throw CopyFailure.Of(shown, $"the directory that has this name at the target is more than {TreeWalk.DeepestLevel} directories deep; remove that first");
        RequireReplaceable(facts, shown);
        using SafeFileHandle directory = EntryCalls.Reopen(tree, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY);
        foreach (TreeEntry entry in TreeWalk.Entries(directory))
        {
            if (entry.File is null && entry.Errno != Errno.ENOENT)
                throw CopyFailure.Of(shown, entry.Errno);
            if (entry.File is null)
                continue;
            if (!FileStatus.IsSameMount(directory, entry.File))
                throw CopyFailure.Of(shown, $"something is mounted in the directory that has this name at the target ({CopyFailure.Clean(entry.Name.Text)}); unmount that first");
            if (entry.Facts.IsDirectory)
                RequireRemovable(entry.File, entry.Facts, shown, level + 1);
            else
                RequireReplaceable(entry.Facts, shown);
        }
    }

    private ContainerException InTheWay(EntryFacts there, string shown)
    {
        string begun = shown.TrimEnd('/');
        string at = begun.StartsWith(source, StringComparison.Ordinal) ? $"{path}{begun[source.Length..]}" : begun;
        string mend = setting is null ? "" : $", or replace it with {setting}";
        return LifecycleErrors.Of(
            $"{CopyFailure.Clean(side)} error creating \"{CopyFailure.Clean(at)}\": a {there.Kind} has this name at the target: file exists; remove that first{mend}");
    }

    private void RequireReplaceable(EntryFacts facts, string shown)
    {
        if (facts.Identity == copied)
            throw CopyFailure.Of(shown, "what is copied lies in the directory that it would replace; move it out of there first");
        if (mountPoints.Value.Contains(facts.Identity))
            throw CopyFailure.Of(shown, "what has this name at the target is, or has in it, the place of one of the container's mounts; copy to another path");
    }
}
