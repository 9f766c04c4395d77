using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>Makes entries of an open directory. No link that stands there is followed, and no file that has other names is written to.</summary>
internal static class NewEntry
{

    /// <summary>Makes a directory, or takes the one that is there; opened for reading.</summary>
    /// <exception cref="ContainerException">Something else has the name.</exception>
    internal static SafeFileHandle MakeDirectory(SafeFileHandle directory, EntryName name, string shown)
    {
        int errno = EntryCalls.MakeDirectory(directory, name, FileModes.OwnersDirectory);
        if (errno is not (0 or Errno.EEXIST))
            throw CopyFailure.Of(shown, errno);
        SafeFileHandle made = EntryCalls.Open(directory, name, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, out errno)
            ?? throw CopyFailure.Of(shown, errno is Errno.ENOTDIR or Errno.ELOOP ? "what has this name at the target is no directory; remove that first" : Errno.Text(errno));
        return KernelRule.RequireWritable(made, shown);
    }

    /// <summary>Makes a symbolic link in the place of what is there.</summary>
    /// <exception cref="ContainerException">A directory is there, or the filesystem refuses.</exception>
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

    /// <summary>Makes an empty file in the place of the old one, whose other names keep what they have; a mount point is emptied instead.</summary>
    /// <exception cref="ContainerException">A directory is there, or the filesystem refuses.</exception>
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
        return there is not null && EntryFacts.Of(there).Type == FileKind.Regular && !KernelFiles.Are(there) ? EntryCalls.Reopen(there, PathCalls.O_WRONLY | PathCalls.O_TRUNC) : null;
    }

    /// <summary>Removes what has the name.</summary>
    /// <exception cref="ContainerException">A directory has it, or the filesystem refuses.</exception>
    internal static void MakeRoom(SafeFileHandle directory, EntryName name, string shown)
    {
        int errno = EntryCalls.Remove(directory, name);
        if (errno is not (0 or Errno.ENOENT))
            throw Occupied(shown, errno);
    }

    private static ContainerException Occupied(string shown, int errno) => errno is Errno.EISDIR or Errno.EPERM
        ? CopyFailure.Of(shown, "a directory has this name at the target; remove that first")
        : CopyFailure.Of(shown, errno);

    /// <summary>Gives a copy its owner, permissions and times.</summary>
    /// <exception cref="ContainerException">The filesystem refuses.</exception>
    internal static void Finish(SafeFileHandle file, EntryFacts facts, CopyOptions options, string shown)
    {
        // The owner first: the kernel takes setuid bits away from a file that is given to another (chown(2)).
        int errno = EntryCalls.ChangeOwner(file, options.Archive ? facts.Uid : 0, options.Archive ? facts.Gid : 0);
        if (errno == 0)
            errno = EntryCalls.ChangeMode(file, options.Permissions(facts.Permissions));
        if (errno == 0)
            errno = EntryCalls.ChangeTimes(file, facts.Accessed, facts.Modified);
        if (errno != 0)
            throw CopyFailure.Of(shown, errno);
    }
}
