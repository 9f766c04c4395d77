using System.Formats.Tar;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>
/// Unpacks a tar archive into a directory of a container. The kernel resolves the directory of each entry again, within the container's root: neither
/// the archive's links nor the container's lead out.
/// </summary>
/// <param name="tree">The root that the directory lies in.</param>
/// <param name="target">The directory.</param>
/// <param name="options">How to copy.</param>
/// <param name="file">What the archive is called in messages; null for the standard input of a copy.</param>
internal sealed class TarExtraction(CopyTree tree, string target, CopyOptions options, string? file = null)
{
    private readonly List<(string Directory, EntryName Name, EntryFacts Facts, IReadOnlyList<FileAttribute> Attributes)> directories = [];
    private readonly string from = file ?? "standard input";
    private readonly Clearance way = Clearance.Of(tree, options.Overwrite, file is null ? Setting.Overwrite : null);
    private Func<IReadOnlyList<FileAttribute>> attributes = () => [];

    /// <summary>The total size of the unpacked files, in bytes.</summary>
    internal long Bytes { get; private set; }

    /// <exception cref="ContainerException">The input is not an archive, or cannot be unpacked there.</exception>
    internal void Read(Stream input)
    {
        RequireDirectory();
        using var noted = new ArchiveAttributes(input);
        attributes = () => noted.OfEntry;
        using var tar = new TarReader(noted, leaveOpen: true);
        while (Next(tar) is { } entry)
            Add(entry);
        // The directories come last, since unpacking into them has changed their times.
        foreach ((string parent, EntryName name, EntryFacts facts, IReadOnlyList<FileAttribute> own) in Enumerable.Reverse(directories))
        {
            using SafeFileHandle? holder = tree.Open(parent, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, out _);
            using SafeFileHandle? made = holder is null ? null : EntryCalls.Open(holder, name, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, out _);
            if (made is not null && !KernelFiles.Are(made))
                NewEntry.Finish(made, facts, own, options, $"{tree.Shown}{parent}/{name.Text}");
        }
    }

    private TarEntry? Next(TarReader tar)
    {
        try
        {
            return tar.GetNextEntry();
        }
        catch (NotSupportedException)
        {
            throw LifecycleErrors.Of($"{from}: the archive holds an entry of a kind that is not supported; make it with tar --format=pax, and without " +
                "--multi-volume");
        }
        // On malformed headers TarReader also throws other exceptions (InvalidOperationException at a size that is too large).
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or OverflowException or ArgumentException or InvalidOperationException)
        {
            throw LifecycleErrors.Of(file is null
                ? "source must be a (compressed) tar archive when copying from stdin"
                : $"{from}: is no whole tar archive; give one, as it is or compressed with gzip, bzip2, xz or zstd");
        }
    }

    private void Add(TarEntry entry)
    {
        const char Replacement = '\uFFFD';
        if (entry.EntryType is TarEntryType.GlobalExtendedAttributes)
            return;
        // The kernel would take the part before the NUL for the name: a disguised "..", for example.
        string named = SparseContent.NameOf(entry) ?? entry.Name;
        if (named.Contains('\0') || entry.LinkName.Contains('\0'))
            throw LifecycleErrors.Of($"{from}: the archive has a NUL in the name {CopyFailure.Clean(named)}; make it anew");
        string[] parts = Parts(named);
        if (parts.Length == 0)
            return;
        string parent = string.Join('/', parts[..^1].Prepend(target)), shown = $"{tree.Shown}{parent.TrimEnd('/')}/{parts[^1]}";
        if (named.Contains(Replacement, StringComparison.Ordinal))
        {
            options.Warn($"{CopyFailure.Clean(named)}: has a name that is not UTF-8, which is not copied from an archive");
            return;
        }
        using SafeFileHandle directory = OpenOrMake(parts[..^1]);
        EntryName name = EntryName.Of(parts[^1]);
        EntryFacts facts = FactsOf(entry);
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                NewEntry.MakeDirectory(way, directory, name, shown).Dispose();
                directories.Add((parent, name, facts, attributes()));
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                AddFile(entry, directory, name, facts, shown);
                break;
            case TarEntryType.SymbolicLink:
                NewEntry.MakeLink(way, directory, name, EntryName.Of(entry.LinkName), facts, options, shown);
                break;
            case TarEntryType.HardLink:
                AddName(entry, directory, name, shown);
                break;
            default:
                options.Warn($"{CopyFailure.Clean(shown)}: is no file, directory or link ({entry.EntryType}), and is not copied");
                break;
        }
    }

    private void AddFile(TarEntry entry, SafeFileHandle directory, EntryName name, EntryFacts facts, string shown)
    {
        IReadOnlyList<FileAttribute> own = attributes();
        bool isSparse = SparseContent.Is(entry);
        if (isSparse && !SparseContent.CanRead(entry))
            throw CopyFailure.Of(shown, "has holes in the archive, in an old form; make that with tar --format=pax, or without --sparse");
        using SafeFileHandle file = NewEntry.Create(way, directory, name, shown);
        try
        {
            if (isSparse)
                SparseContent.Write(entry, file);
            else
                entry.DataStream?.CopyTo(new DescriptorStream(file), 1 << 17);
        }
        catch (InvalidDataException)
        {
            throw CopyFailure.Of(shown, "its list of holes in the archive is not right; make the archive anew");
        }
        catch (EndOfStreamException)
        {
            throw LifecycleErrors.Of($"{from}: the archive ends in the middle of a file; give it whole");
        }
        catch (IOException e)
        {
            throw CopyFailure.Of(shown, e.Message);
        }
        Bytes += entry.Length;
        NewEntry.Finish(file, facts, own, options, shown);
    }

    private void AddName(TarEntry entry, SafeFileHandle directory, EntryName name, string shown)
    {
        string other = string.Join('/', Parts(entry.LinkName).Prepend(target));
        using SafeFileHandle file = tree.Require(other, PathCalls.O_PATH | PathCalls.O_NOFOLLOW);
        if (EntryFacts.Of(file).Type is not (FileKind.Regular or FileKind.Link))
            throw CopyFailure.Of(shown, $"is another name of {CopyFailure.Clean(other)}, which is no file");
        way.ForFile(directory, name, shown);
        int errno = EntryCalls.AddName(file, directory, name);
        if (errno != 0)
            throw CopyFailure.Of(shown, errno);
    }

    private SafeFileHandle OpenOrMake(string[] parts)
    {
        string path = target;
        SafeFileHandle directory = Directory(path);
        foreach (string part in parts)
        {
            path += $"/{part}";
            using SafeFileHandle above = directory;
            if (tree.Open(path, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, out int errno) is { } there)
            {
                directory = KernelRule.RequireWritable(there, $"{tree.Shown}{path}");
                continue;
            }
            // What the archive takes for a directory without an entry of its own is one as well.
            if (errno == Errno.ENOTDIR)
                way.ForDirectory(above, EntryName.Of(part), $"{tree.Shown}{path}");
            if (errno is Errno.ENOENT or Errno.ENOTDIR)
                _ = EntryCalls.MakeDirectory(above, EntryName.Of(part), FileModes.PublicDirectory);
            directory = Directory(path);
        }
        return directory;
    }

    private void RequireDirectory()
    {
        using SafeFileHandle directory = tree.Open(target, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, out int errno) is { } there
            ? KernelRule.RequireWritable(there, $"{tree.Shown}{target}")
            : throw LifecycleErrors.Of("destination must be a directory when copying from stdin");
    }

    private SafeFileHandle Directory(string path) => KernelRule.RequireWritable(tree.Require(path, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY), $"{tree.Shown}{path}");

    private string[] Parts(string name)
    {
        string[] parts = [.. name.Split('/').Where(part => part is not ("" or "."))];
        return parts.Contains("..") ? throw LifecycleErrors.Of(
            $"{from}: the archive has the name {CopyFailure.Clean(name)}, which leads out of the directory; nothing of it is taken") : parts;
    }

    private static EntryFacts FactsOf(TarEntry entry)
    {
        FileTime time = FileTime.Of(entry.ModificationTime);
        return default(EntryFacts) with { Mode = (int)entry.Mode, Uid = (uint)entry.Uid, Gid = (uint)entry.Gid, Accessed = time, Modified = time };
    }
}
