using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>Creates entries in an open directory. An existing link is never followed, and a file with other names is never written to.</summary>
internal static class NewEntry
{
    /// <summary>Creates a directory, or takes the existing one; opened for reading.</summary>
    /// <exception cref="ContainerException">An entry that is not a directory has the name.</exception>
    internal static SafeFileHandle MakeDirectory(SafeFileHandle directory, EntryName name, string shown)
    {
        int errno = EntryCalls.MakeDirectory(directory, name, FileModes.OwnersDirectory);
        if (errno is not (0 or Errno.EEXIST))
            throw CopyFailure.Of(shown, errno);
        SafeFileHandle made = EntryCalls.Open(directory, name, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, out errno)
            ?? throw CopyFailure.Of(shown, errno is Errno.ENOTDIR or Errno.ELOOP ? "what has this name at the target is no directory; remove that first" : Errno.Text(errno));
        return KernelRule.RequireWritable(made, shown);
    }

    /// <summary>Creates a symbolic link, replacing an existing entry.</summary>
    /// <exception cref="ContainerException">The existing entry is a directory, or the filesystem refuses.</exception>
    internal static void MakeLink(SafeFileHandle directory, EntryName name, EntryName text, EntryFacts facts, CopyOptions options, string shown)
    {
        MakeRoom(directory, name, shown);
        int errno = EntryCalls.MakeLink(directory, name, text);
        if (errno != 0)
            throw CopyFailure.Of(shown, errno);
        using SafeFileHandle? link = EntryCalls.Open(directory, name, PathCalls.O_PATH, out _);
        if (link is not null && EntryFacts.Of(link).Type == FileKind.Link)
            _ = EntryCalls.ChangeOwner(link, options.Archive ? facts.Uid : 0, options.Archive ? facts.Gid : 0);
        _ = EntryCalls.ChangeTimesOfLink(directory, name, facts.Accessed, facts.Modified);
    }

    /// <summary>Creates an empty file that replaces the old one, whose other names keep their contents; a mount point is truncated instead.</summary>
    /// <exception cref="ContainerException">The existing entry is a directory, or the filesystem refuses.</exception>
    internal static SafeFileHandle Create(SafeFileHandle directory, EntryName name, string shown)
    {
        const int Tries = 100;
        int errno = 0;
        for (int i = 0; i < Tries; i++)
        {
            if (EntryCalls.Open(directory, name, PathCalls.O_WRONLY | PathCalls.O_CREAT | PathCalls.O_EXCL, out errno, FileModes.OwnersFile) is { } file)
                return file;
            if (errno != Errno.EEXIST)
                throw CopyFailure.Of(shown, errno);
            errno = EntryCalls.Remove(directory, name);
            if (errno == Errno.EBUSY && OpenMounted(directory, name) is { } mounted)
                return mounted;
            if (errno is not (0 or Errno.ENOENT))
                throw Occupied(shown, errno);
        }
        throw CopyFailure.Of(shown, $"somebody makes its name at the target again and again ({Errno.Text(errno)})");
    }

    private static SafeFileHandle? OpenMounted(SafeFileHandle directory, EntryName name)
    {
        using SafeFileHandle? there = EntryCalls.Open(directory, name, PathCalls.O_PATH, out _);
        return there is not null && EntryFacts.Of(there).Type == FileKind.Regular && !KernelFiles.Are(there)
            ? EntryCalls.Reopen(there, PathCalls.O_WRONLY | PathCalls.O_TRUNC) : null;
    }

    /// <summary>Removes the entry with that name.</summary>
    /// <exception cref="ContainerException">The entry is a directory, or the filesystem refuses.</exception>
    internal static void MakeRoom(SafeFileHandle directory, EntryName name, string shown)
    {
        int errno = EntryCalls.Remove(directory, name);
        if (errno is not (0 or Errno.ENOENT))
            throw Occupied(shown, errno);
    }

    private static ContainerException Occupied(string shown, int errno) => errno is Errno.EISDIR or Errno.EPERM
        ? CopyFailure.Of(shown, "a directory has this name at the target; remove that first")
        : CopyFailure.Of(shown, errno);

    /// <summary>Sets a copy's owner, extended attributes, permissions and times.</summary>
    /// <exception cref="ContainerException">The filesystem refuses.</exception>
    internal static void Finish(SafeFileHandle file, EntryFacts facts, IEnumerable<FileAttribute> attributes, CopyOptions options, string shown)
    {
        // The owner is set first: the kernel clears setuid bits when the owner of a file changes (chown(2)).
        int errno = EntryCalls.ChangeOwner(file, options.Archive ? facts.Uid : 0, options.Archive ? facts.Gid : 0);
        foreach (FileAttribute attribute in attributes.Where(options.Keeps))
        {
            if (AttributeCalls.Write(file, attribute) is not 0 and var refused)
                options.Warn($"{CopyFailure.Clean(shown)}: its attribute {CopyFailure.Clean(attribute.Text)} is not kept: {Errno.Text(refused)}");
        }
        if (errno == 0)
            errno = EntryCalls.ChangeMode(file, options.Permissions(facts.Permissions));
        if (errno == 0)
            errno = EntryCalls.ChangeTimes(file, facts.Accessed, facts.Modified);
        if (errno != 0)
            throw CopyFailure.Of(shown, errno);
    }
}
