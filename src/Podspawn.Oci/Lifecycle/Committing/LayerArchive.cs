using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Lifecycle.Diff;
using Podspawn.Oci.Native;
using Podspawn.Oci.Packing;

namespace Podspawn.Oci.Lifecycle.Committing;

/// <summary>
/// Writes what a container has changed as a layer (OCI image spec, layer.md): the upper directory's files that are new or different, and for what is
/// removed an empty file named with <c>.wh.</c>. The directories are walked by descriptors and single names, since a container may write meanwhile.
/// </summary>
/// <param name="tar">The layer.</param>
/// <param name="ours">The paths that the launch itself writes.</param>
/// <param name="warn">Receives a message for each entry that a layer has no place for.</param>
/// <param name="cancel">Cancels the writing.</param>
internal sealed class LayerArchive(PaxWriter tar, LaunchPaths ours, Action<string> warn, CancellationToken cancel)
{
    private const string Whiteout = ".wh.", Opaque = ".wh..wh..opq";

    // A level holds four descriptors, of which a process commonly has 1024.
    private const int DeepestLevel = 200;

    // The directories that we are in. Each is written before the first thing in it, or not at all.
    private readonly List<(byte[] Name, EntryFacts Facts, IReadOnlyList<FileAttribute> Attributes)> within = [];
    private readonly Dictionary<((uint, uint) Device, ulong Inode), byte[]> names = [];
    private int writtenLevels;

    /// <summary>Writes the layer, without the end of its archive.</summary>
    /// <param name="upper">The upper directory, open for reading.</param>
    /// <param name="lower">The lower directory, open for reading.</param>
    /// <exception cref="IOException">A directory or a file cannot be read, or the layer not be written.</exception>
    internal void Write(SafeFileHandle upper, SafeFileHandle lower)
    {
        bool hides = LayerEntry.IsOpaque(upper);
        if (hides)
            WriteMark([], Opaque);
        Walk(upper, lower, hides, [], "", 0);
    }

    private void Walk(SafeFileHandle upper, SafeFileHandle? lower, bool hides, byte[] place, string path, int level)
    {
        if (level > DeepestLevel)
            throw LifecycleErrors.Of($"{Copying.CopyFailure.Clean(path)}: lies more than {DeepestLevel} directories deep; remove that first");
        // In order, so that the same changes give the same layer.
        List<EntryName> entries = EntryCalls.List(upper);
        entries.Sort((one, other) => one.Bytes.SequenceCompareTo(other.Bytes));
        foreach (EntryName name in entries)
        {
            cancel.ThrowIfCancellationRequested();
            using SafeFileHandle? entry = EntryCalls.Open(upper, name, PathCalls.O_PATH, out _);
            if (entry is null || LayerEntry.IsMark(name))
                continue;
            EntryFacts facts = EntryFacts.Of(entry);
            if (LayerEntry.Removed(name, facts) is { } removed)
            {
                if (!hides && removed.Text is not ("." or "..") && Exists(lower, removed) && !ours.Has($"{path}/{removed.Text}", FileChangeKind.Deleted))
                    WriteMark(place, Whiteout, removed.Bytes);
                continue;
            }
            using SafeFileHandle? before = lower is null || hides ? null : EntryCalls.Open(lower, name, PathCalls.O_PATH, out _);
            Add(entry, facts, before, hides, [.. place, .. name.Bytes], $"{path}/{name.Text}", level);
        }
    }

    private void Add(SafeFileHandle entry, EntryFacts facts, SafeFileHandle? before, bool hides, byte[] name, string path, int level)
    {
        EntryFacts? old = before is null ? null : EntryFacts.Of(before);
        FileChangeKind kind = old is null ? FileChangeKind.Added : FileChangeKind.Changed;
        if (facts.IsDirectory)
        {
            AddDirectory(entry, facts, before, old, hides, name, path, level);
            return;
        }
        // What a hidden directory had is no longer there: its new file is new, also where it is the same.
        if ((old is not { } was || !LayerDiff.IsSame(was, facts)) && !ours.Has(path, kind))
            AddFile(entry, facts, name, path);
    }

    private void AddDirectory(SafeFileHandle entry, EntryFacts facts, SafeFileHandle? before, EntryFacts? old, bool hides, byte[] name, string path, int level)
    {
        using SafeFileHandle upper = EntryCalls.Reopen(entry, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY);
        using SafeFileHandle? lower = old is { IsDirectory: true } ? EntryCalls.Reopen(before!, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY) : null;
        byte[] place = [.. name, (byte)'/'];
        within.Add((place, facts, Attributes(entry)));
        bool opaque = lower is not null && LayerEntry.IsOpaque(upper);
        bool isChanged = old is not { IsDirectory: true } was || !LayerDiff.HasSameOwnerAndMode(was, facts);
        if (opaque)
            WriteMark(place, Opaque);
        else if (isChanged && !ours.Has(path, old is null ? FileChangeKind.Added : FileChangeKind.Changed))
            WritePlace();
        Walk(upper, lower, hides || opaque, place, path, level + 1);
        within.RemoveAt(within.Count - 1);
        writtenLevels = Math.Min(writtenLevels, within.Count);
    }

    private void AddFile(SafeFileHandle entry, EntryFacts facts, byte[] name, string path)
    {
        if (facts.Links > 1 && !names.TryAdd((facts.Device, facts.Inode), name))
        {
            WritePlace();
            tar.Write(name, '1', facts, names[(facts.Device, facts.Inode)], []);
            return;
        }
        char? type = facts.Type switch
        {
            FileKind.Regular => '0',
            FileKind.Link => '2',
            FileKind.CharacterDevice => '3',
            FileKind.BlockDevice => '4',
            FileKind.Fifo => '6',
            _ => null,
        };
        if (type is not { } flag)
        {
            warn($"{Copying.CopyFailure.Clean(path)}: is a {facts.Kind}, which an image has no place for");
            return;
        }
        WritePlace();
        if (flag != '0')
        {
            tar.Write(name, flag, facts, flag == '2' ? EntryCalls.ReadLink(entry).Bytes : default, Attributes(entry));
            return;
        }
        using SafeFileHandle content = EntryCalls.Reopen(entry, RegularFile.ReadFlags);
        tar.WriteFile(name, facts, Attributes(entry), new DescriptorStream(content), cancel);
    }

    private void WriteMark(byte[] place, string prefix, ReadOnlySpan<byte> name = default)
    {
        WritePlace();
        tar.Write([.. place, .. Encoding.ASCII.GetBytes(prefix), .. name], '0', default(EntryFacts) with { Mode = 0x180 }, default, []);
    }

    private void WritePlace()
    {
        for (; writtenLevels < within.Count; writtenLevels++)
        {
            (byte[] name, EntryFacts facts, IReadOnlyList<FileAttribute> attributes) = within[writtenLevels];
            tar.Write(name, '5', facts, default, attributes);
        }
    }

    private static IReadOnlyList<FileAttribute> Attributes(SafeFileHandle entry) => [.. AttributeCalls.Read(entry).Where(attribute => attribute.BelongsToFile)];

    private static bool Exists(SafeFileHandle? directory, EntryName name)
    {
        using SafeFileHandle? entry = directory is null ? null : EntryCalls.Open(directory, name, PathCalls.O_PATH, out _);
        return entry is not null;
    }
}
