using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.RootFilesystems;

/// <summary>
/// Copies a root filesystem, with everything that cp --archive preserves: owners, permissions, times, extended attributes, hard links, holes,
/// devices. Its owner, or a container that writes to it, may change it meanwhile: nothing is reached by a path, only by a single name in an open
/// directory.
/// </summary>
internal sealed class LayerCopy
{
    private readonly SafeFileHandle twins;
    private readonly HashSet<string> twinned = [];

    private LayerCopy(SafeFileHandle twins) => this.twins = twins;

    /// <summary>Copies the root filesystem.</summary>
    /// <param name="root">The root filesystem, opened in the calling thread's mount namespace.</param>
    /// <param name="target">An empty directory of ours.</param>
    /// <param name="twins">The path for a directory that holds the first copy of each file with several names; on the same filesystem.</param>
    /// <exception cref="IOException">The root cannot be read, or the disk is full.</exception>
    internal static void Make(SafeFileHandle root, string target, string twins)
    {
        // Mounts in the tree do not belong to it. Where the kernel cannot create such a clone, the walk excludes them by their device number.
        using SafeFileHandle? clone = TreeClone.Of(root, out _);
        using SafeFileHandle from = EntryCalls.Reopen(clone ?? root, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY);
        PrivateDirectory.Make(twins);
        try
        {
            using SafeFileHandle to = OpenDirectory(target), atHand = OpenDirectory(twins);
            var copy = new LayerCopy(atHand);
            copy.CopyEntries(from, to, "", 0);
            Finish(from, EntryFacts.Of(from), to, "/");
        }
        finally
        {
            TreeRemoval.Remove(twins);
        }
    }

    private void CopyEntries(SafeFileHandle from, SafeFileHandle to, string path, int level)
    {
        if (level > TreeWalk.DeepestLevel)
            throw Failed(path, $"lies more than {TreeWalk.DeepestLevel} directories deep");
        foreach (TreeEntry entry in TreeWalk.Entries(from))
        {
            string child = $"{path}/{entry.Name.Text}";
            SafeFileHandle file = entry.File ?? throw Failed(child, entry.Errno);
            if (entry.IsKernels)
                throw Failed(child, "holds the kernel's own files; unmount that first");
            if (entry.Facts.IsDirectory)
                CopyDirectory(file, entry.Facts, !entry.IsOnOtherDevice, to, entry.Name, child, level);
            else if (entry.Facts.Links > 1)
                CopyTwin(file, entry.Facts, to, entry.Name, child);
            else
                CopyFile(file, entry.Facts, to, entry.Name, child);
        }
    }

    private void CopyDirectory(SafeFileHandle entry, EntryFacts facts, bool isWithin, SafeFileHandle to, EntryName name, string path, int level)
    {
        Require(EntryCalls.MakeDirectory(to, name, FileModes.OwnersDirectory), path);
        using SafeFileHandle made = EntryCalls.Open(to, name, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, out int errno) ?? throw Failed(path, errno);
        if (isWithin)
        {
            using SafeFileHandle from = EntryCalls.Reopen(entry, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY);
            CopyEntries(from, made, path, level + 1);
        }
        Finish(entry, facts, made, path);
    }

    private void CopyTwin(SafeFileHandle entry, EntryFacts facts, SafeFileHandle to, EntryName name, string path)
    {
        string key = $"{facts.Device.Major}-{facts.Device.Minor}-{facts.Inode}";
        EntryName twin = EntryName.Of(key);
        if (twinned.Add(key))
            CopyFile(entry, facts, twins, twin, path);
        using SafeFileHandle first = EntryCalls.Open(twins, twin, PathCalls.O_PATH, out int errno) ?? throw Failed(path, errno);
        Require(EntryCalls.AddName(first, to, name), path);
    }

    private static void CopyFile(SafeFileHandle entry, EntryFacts facts, SafeFileHandle to, EntryName name, string path)
    {
        switch (facts.Type)
        {
            case FileKind.Regular:
                using (SafeFileHandle from = RegularFile.Open(entry))
                using (SafeFileHandle made = EntryCalls.Open(to, name, PathCalls.O_WRONLY | PathCalls.O_CREAT | PathCalls.O_EXCL, out int errno, FileModes.OwnersFile)
                    ?? throw Failed(path, errno))
                {
                    if (facts.Size > 0)
                        FileContent.Copy(from, made, facts.Size);
                    Finish(entry, facts, made, path);
                }
                return;
            case FileKind.Link:
                Require(EntryCalls.MakeLink(to, name, EntryCalls.ReadLink(entry)), path);
                break;
            default:
                // A socket, a FIFO or a device is created again, never opened.
                Require(EntryCalls.MakeNode(to, name, facts), path);
                break;
        }
        using SafeFileHandle special = EntryCalls.Open(to, name, PathCalls.O_PATH, out int failure) ?? throw Failed(path, failure);
        Require(EntryCalls.ChangeOwner(special, facts.Uid, facts.Gid), path);
        Require(AttributeCalls.Copy(entry, special), path);
        if (facts.Type != FileKind.Link)
            Require(PathCalls.Chmod(EntryCalls.PathOf(special), facts.Permissions) == 0 ? 0 : System.Runtime.InteropServices.Marshal.GetLastPInvokeError(), path);
        Require(EntryCalls.ChangeTimesOfLink(to, name, facts.Accessed, facts.Modified), path);
    }

    private static void Finish(SafeFileHandle from, EntryFacts facts, SafeFileHandle to, string path)
    {
        // The owner is set first: the kernel clears setuid bits and capabilities when the owner of a file changes (chown(2)).
        Require(EntryCalls.ChangeOwner(to, facts.Uid, facts.Gid), path);
        Require(AttributeCalls.Copy(from, to), path);
        Require(EntryCalls.ChangeMode(to, facts.Permissions), path);
        Require(EntryCalls.ChangeTimes(to, facts.Accessed, facts.Modified), path);
    }

    private static SafeFileHandle OpenDirectory(string path) =>
        PathCalls.Open(path, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY | PathCalls.O_NOFOLLOW, out int errno) ?? throw Failed(path, errno);

    private static void Require(int errno, string path)
    {
        if (errno != 0)
            throw Failed(path, errno);
    }

    private static IOException Failed(string path, int errno) =>
        Failed(path, errno == Errno.ENOENT ? "has vanished while it was copied; launch again when nothing changes it" : Errno.Text(errno));

    private static IOException Failed(string path, string why) => new($"{Text.Printable.Clean(path, 400)}: {why}");
}
