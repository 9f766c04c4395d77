using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>
/// Copies a tree, name by name, from open directory to open directory. Nothing on either side is reached by a path, so that a container which
/// changes its side meanwhile changes what is copied, never where to.
/// </summary>
internal sealed class TreeCopier(CopyOptions options) : IDisposable
{
    private readonly HardLinks links = new();
    private Clearance way = Clearance.None;

    /// <summary>The total size of the copied files, in bytes.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Copies by docker's rules.</summary>
    /// <exception cref="ContainerException">The target does not fit the source, or the copy fails.</exception>
    internal void Copy(CopySource source, CopyTarget target)
    {
        way = Clearance.Of(source, target, options);
        if (source.Facts.IsDirectory)
            CopyDirectory(source, target);
        else if (target.Name is null)
            CopyEntry(source.File, target.Directory, source.Name!.Value, source.Shown, 0);
        else if (target.AssertsDirectory)
            throw target.Exists ? CopyFailure.Of(target.Shown, "is not a directory; leave the slash at the end away")
                : target.Missing();
        else
            CopyEntry(source.File, target.Directory, target.Name.Value, source.Shown, 0);
    }

    public void Dispose() => links.Dispose();

    private void CopyDirectory(CopySource source, CopyTarget target)
    {
        if (target.Exists)
            throw LifecycleErrors.Of("destination must be a directory when copying a directory");
        using SafeFileHandle from = EntryCalls.Reopen(source.File, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY);
        // The contents of a directory go into the existing target directory, which keeps its own owner and permissions.
        if (target.Name is null && source.Name is null)
            CopyEntries(from, target.Directory, source.Shown, 0);
        else
            CopyInto(from, source.Facts, target.Directory, target.Name ?? source.Name!.Value, source.Shown, 0);
    }

    private void CopyEntry(SafeFileHandle source, SafeFileHandle directory, EntryName name, string shown, int level)
    {
        try
        {
            CopyEntry(source, EntryFacts.Of(source), directory, name, shown, level);
        }
        catch (IOException e)
        {
            throw CopyFailure.Of(shown, e.Message);
        }
    }

    private void CopyEntry(SafeFileHandle source, EntryFacts facts, SafeFileHandle directory, EntryName name, string shown, int level)
    {
        switch (facts.Type)
        {
            case FileKind.Directory:
                using (SafeFileHandle from = EntryCalls.Reopen(source, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY))
                    CopyInto(from, facts, directory, name, shown, level);
                break;
            case FileKind.Regular:
                CopyFile(source, facts, directory, name, shown);
                break;
            case FileKind.Link:
                NewEntry.MakeLink(way, directory, name, EntryCalls.ReadLink(source), facts, options, shown);
                break;
            default:
                options.Warn($"{CopyFailure.Clean(shown)}: is a {facts.Kind}, which is not copied");
                break;
        }
    }

    private void CopyEntries(SafeFileHandle from, SafeFileHandle to, string shown, int level)
    {
        foreach ((TreeEntry entry, SafeFileHandle file, string path) in CopiedEntries.Of(from, shown, level, options))
            CopyEntry(file, to, entry.Name, path, level + 1);
    }

    private void CopyInto(SafeFileHandle from, EntryFacts facts, SafeFileHandle directory, EntryName name, string shown, int level)
    {
        using SafeFileHandle to = NewEntry.MakeDirectory(way, directory, name, shown);
        CopyEntries(from, to, shown, level);
        NewEntry.Finish(to, facts, AttributeCalls.Read(from), options, shown);
    }

    private void CopyFile(SafeFileHandle source, EntryFacts facts, SafeFileHandle directory, EntryName name, string shown)
    {
        if (facts.Links > 1 && links.Find(facts) is { } earlier)
        {
            way.ForFile(directory, name, shown);
            int errno = EntryCalls.AddName(earlier, directory, name);
            if (errno == 0)
                return;
            if (errno is not (Errno.EXDEV or Errno.EMLINK or Errno.EPERM or Errno.ENOENT))
                throw CopyFailure.Of(shown, errno);
        }
        // Opened for reading only now that it is known to be a file: opening a device can already have an effect (a watchdog starts).
        using SafeFileHandle from = EntryCalls.Reopen(source, RegularFile.ReadFlags);
        using SafeFileHandle to = NewEntry.Create(way, directory, name, shown, facts);
        // Some of the kernel's own files report a meaningless size (/proc/kcore).
        long size = KernelFiles.Are(source) ? FileContent.Unsized : facts.Size;
        FileContent.Copy(from, to, size);
        Bytes += facts.Size;
        NewEntry.Finish(to, facts, AttributeCalls.Read(from), options, shown);
        if (facts.Links > 1)
            links.Add(facts, to);
    }
}
