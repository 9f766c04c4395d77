using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>Creates entries in an open directory. An existing link is never followed, and a file with other names is never written to.</summary>
internal static class NewEntry
{
    private const int Tries = 100;

    /// <summary>Creates a directory, or takes the existing one; opened for reading.</summary>
    /// <exception cref="ContainerException">An entry that is not a directory has the name, and must not go, or the filesystem refuses.</exception>
    internal static SafeFileHandle MakeDirectory(Clearance way, SafeFileHandle directory, EntryName name, string shown)
    {
        int errno = 0;
        for (int i = 0; i < Tries; i++)
        {
            errno = EntryCalls.MakeDirectory(directory, name, FileModes.OwnersDirectory);
            if (errno is not (0 or Errno.EEXIST))
                throw CopyFailure.Of(shown, errno);
            if (EntryCalls.Open(directory, name, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, out errno) is { } made)
                return KernelRule.RequireWritable(made, shown);
            if (errno is not (Errno.ENOTDIR or Errno.ELOOP))
                throw CopyFailure.Of(shown, Errno.Text(errno));
            way.ForDirectory(directory, name, shown);
        }
        throw Contested(shown, errno);
    }

    /// <summary>Creates a symbolic link, replacing an existing entry.</summary>
    /// <exception cref="ContainerException">The existing entry is a directory and must not go, or the filesystem refuses.</exception>
    internal static void MakeLink(Clearance way, SafeFileHandle directory, EntryName name, EntryName text, EntryFacts facts, CopyOptions options, string shown)
    {
        way.ForFile(directory, name, shown);
        int errno = EntryCalls.MakeLink(directory, name, text);
        if (errno != 0)
            throw CopyFailure.Of(shown, errno);
        using SafeFileHandle? link = EntryCalls.Open(directory, name, PathCalls.O_PATH, out _);
        if (link is not null && EntryFacts.Of(link).Type == FileKind.Link)
            _ = EntryCalls.ChangeOwner(link, options.Archive ? facts.Uid : 0, options.Archive ? facts.Gid : 0);
        _ = EntryCalls.ChangeTimesOfLink(directory, name, facts.Accessed, facts.Modified);
    }

    /// <summary>Creates an empty file that replaces the old one, whose other names keep their contents; a mount point is truncated instead.</summary>
    /// <param name="way">Clears the way for it.</param>
    /// <param name="directory">Where it is created.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="shown">Its name in messages.</param>
    /// <param name="copied">The file that it becomes a copy of; null for none.</param>
    /// <exception cref="ContainerException">The existing entry is a directory and must not go, or the filesystem refuses.</exception>
    internal static SafeFileHandle Create(Clearance way, SafeFileHandle directory, EntryName name, string shown, EntryFacts? copied = null)
    {
        int errno = 0;
        for (int i = 0; i < Tries; i++)
        {
            if (EntryCalls.Open(directory, name, PathCalls.O_WRONLY | PathCalls.O_CREAT | PathCalls.O_EXCL, out errno, FileModes.OwnersFile) is { } file)
                return file;
            if (errno != Errno.EEXIST)
                throw CopyFailure.Of(shown, errno);
            if (OpenMounted(directory, name, copied, shown) is { } mounted)
                return mounted;
            way.ForFile(directory, name, shown);
        }
        throw Contested(shown, errno);
    }

    // What is mounted may be the very file that is copied.
    private static SafeFileHandle? OpenMounted(SafeFileHandle directory, EntryName name, EntryFacts? copied, string shown)
    {
        using SafeFileHandle? there = EntryCalls.Open(directory, name, PathCalls.O_PATH, out _);
        if (there is null || FileStatus.IsSameMount(directory, there) || EntryFacts.Of(there) is not { Type: FileKind.Regular } facts || KernelFiles.Are(there))
            return null;
        if (copied?.Identity == facts.Identity)
            throw CopyFailure.Of(shown, "is what is mounted at its name at the target: there is nothing to copy");
        return PathCalls.Open(EntryCalls.PathOf(there), PathCalls.O_WRONLY | PathCalls.O_TRUNC, out int errno) ?? throw CopyFailure.Of(shown, errno);
    }

    private static ContainerException Contested(string shown, int errno) =>
        CopyFailure.Of(shown, $"somebody makes its name at the target again and again ({Errno.Text(errno)})");

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
