using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Diff;

/// <summary>
/// Compares an upper directory with its lower one, in the way of docker diff: of a removed directory it lists only the directory, of a new one also
/// everything in it. Both are walked by open directories and single names, since a container may write to the upper one meanwhile.
/// </summary>
/// <param name="ours">The paths that the launch itself writes.</param>
internal sealed class LayerDiff(LaunchPaths ours)
{
    // A level holds four descriptors, of which a process commonly has 1024.
    private const int DeepestLevel = 200;

    private readonly List<FileChange> changes = [];

    /// <summary>The changes, sorted by path.</summary>
    /// <param name="upper">The upper directory, open for reading.</param>
    /// <param name="lower">The lower directory, open for reading.</param>
    /// <exception cref="IOException">A directory cannot be read.</exception>
    internal IReadOnlyList<FileChange> Read(SafeFileHandle upper, SafeFileHandle lower)
    {
        Walk(upper, lower, hides: LayerEntry.IsOpaque(upper), "", 0);
        changes.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        return changes;
    }

    // hides: the upper directory hides the whole lower one, which still tells what was there before.
    private void Walk(SafeFileHandle upper, SafeFileHandle? lower, bool hides, string path, int level)
    {
        if (level > DeepestLevel)
            throw LifecycleErrors.Of($"{Copying.CopyFailure.Clean(path)}: lies more than {DeepestLevel} directories deep; remove that, or look into it from within");
        var seen = new HashSet<string>();
        foreach (EntryName name in EntryCalls.List(upper))
        {
            using SafeFileHandle? entry = EntryCalls.Open(upper, name, PathCalls.O_PATH, out _);
            if (entry is null || LayerEntry.IsMark(name))
                continue;
            EntryFacts facts = EntryFacts.Of(entry);
            if (LayerEntry.Removed(name, facts) is { } removed)
            {
                if (!hides && Exists(lower, removed))
                    Report(FileChangeKind.Deleted, $"{path}/{removed.Text}");
                continue;
            }
            seen.Add(Convert.ToHexString(name.Bytes));
            using SafeFileHandle? before = lower is null ? null : EntryCalls.Open(lower, name, PathCalls.O_PATH, out _);
            Compare(entry, facts, before, hides, $"{path}/{name.Text}", level);
        }
        if (!hides || lower is null)
            return;
        foreach (EntryName name in EntryCalls.List(lower).Where(name => !seen.Contains(Convert.ToHexString(name.Bytes))))
            Report(FileChangeKind.Deleted, $"{path}/{name.Text}");
    }

    private void Compare(SafeFileHandle entry, EntryFacts facts, SafeFileHandle? before, bool hides, string path, int level)
    {
        EntryFacts? old = before is null ? null : EntryFacts.Of(before);
        FileChangeKind kind = old is null ? FileChangeKind.Added : FileChangeKind.Changed;
        if (!facts.IsDirectory)
        {
            if (old is not { } was || !IsSame(was, facts))
                Report(kind, path);
            return;
        }
        using SafeFileHandle upper = EntryCalls.Reopen(entry, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY);
        using SafeFileHandle? lower = old is { IsDirectory: true } ? EntryCalls.Reopen(before!, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY) : null;
        int count = changes.Count;
        Walk(upper, lower, hides || LayerEntry.IsOpaque(upper), path, level + 1);
        bool isChangedBelow = changes.Count > count;
        if (old is not { IsDirectory: true } then || isChangedBelow || !HasSameOwnerAndMode(then, facts))
            Report(kind, path, isChangedBelow);
    }

    private void Report(FileChangeKind kind, string path, bool isChangedBelow = false)
    {
        if (isChangedBelow || !ours.Has(path, kind))
            changes.Add(new FileChange(kind, path));
    }

    // A file that a program opened for writing was copied to the layer, even where nothing in it has changed.
    internal static bool IsSame(EntryFacts old, EntryFacts now) =>
        old.Type == now.Type && HasSameOwnerAndMode(old, now) && old.Size == now.Size && old.Modified == now.Modified && old.Node == now.Node;

    internal static bool HasSameOwnerAndMode(EntryFacts old, EntryFacts now) => (old.Mode, old.Uid, old.Gid) == (now.Mode, now.Uid, now.Gid);

    private static bool Exists(SafeFileHandle? directory, EntryName name)
    {
        using SafeFileHandle? entry = directory is null ? null : EntryCalls.Open(directory, name, PathCalls.O_PATH, out _);
        return entry is not null;
    }
}
