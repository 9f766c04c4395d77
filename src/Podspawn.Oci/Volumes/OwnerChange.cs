using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.Text;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Volumes;

/// <summary>
/// Gives everything in a volume to the container's user (<c>:U</c>). Who owns the directory may change it meanwhile: every entry is reached by a single
/// name in an open directory, a link is changed and never followed, and a file is left alone that may lie elsewhere as well.
/// </summary>
internal sealed class OwnerChange
{
    private readonly string source;
    private readonly Dictionary<FileIdentity, (uint Links, uint Seen, string Path)> shared = [];

    private OwnerChange(string source) => this.source = source;

    /// <summary>Changes the owner of a source and of all in it.</summary>
    /// <param name="mount">The mount, its source free of symbolic links.</param>
    /// <param name="user">The container's user.</param>
    /// <exception cref="ContainerException">Something in it cannot be given away.</exception>
    internal static void Make(VolumeMount mount, ProcessUser user)
    {
        using SafeFileHandle root = PathCalls.Open("/", PathCalls.O_PATH | PathCalls.O_DIRECTORY, out int errno) ?? throw new IOException($"/: {Errno.Text(errno)}");
        using SafeFileHandle? top = PathCalls.OpenBelow(
            root, mount.Source.TrimStart('/'), PathCalls.O_PATH, PathCalls.Resolve.Beneath | PathCalls.Resolve.NoSymlinks, out errno);
        if (top is null)
            throw Failed(mount.Source, errno == Errno.ELOOP ? "a symbolic link was put in its way" : Errno.Text(errno));
        var change = new OwnerChange(mount.Source);
        try
        {
            Visit(top, mount.Source, 0, change.Count);
            change.RequireInside();
            Visit(top, mount.Source, 0, (file, facts, path) => change.Give(file, facts, path, user));
        }
        catch (IOException e)
        {
            throw Failed(mount.Source, e.Message);
        }
    }

    private static void Visit(SafeFileHandle file, string path, int level, Action<SafeFileHandle, EntryFacts, string> act)
    {
        EntryFacts facts = EntryFacts.Of(file);
        if (KernelFiles.Are(file))
            throw Failed(path, "is one of the kernel's own files");
        if (facts.IsDirectory)
        {
            if (level > TreeWalk.DeepestLevel)
                throw Failed(path, $"lies more than {TreeWalk.DeepestLevel} directories deep");
            using SafeFileHandle directory = EntryCalls.Reopen(file, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY);
            foreach (TreeEntry entry in TreeWalk.Entries(directory))
            {
                // What is mounted there is not the source's own.
                if (entry.File is { } child && FileStatus.IsSameMount(directory, child))
                    Visit(child, $"{path}/{entry.Name.Text}", level + 1, act);
                else if (entry.File is null && entry.Errno != Errno.ENOENT)
                    throw Failed($"{path}/{entry.Name.Text}", Errno.Text(entry.Errno));
            }
        }
        act(file, facts, path);
    }

    private void Count(SafeFileHandle file, EntryFacts facts, string path)
    {
        if (facts.IsDirectory || facts.Links <= 1)
            return;
        FileIdentity identity = Identity(facts);
        uint seen = shared.TryGetValue(identity, out (uint Links, uint Seen, string Path) earlier) ? earlier.Seen : 0;
        shared[identity] = (facts.Links, seen + 1, path);
    }

    private void RequireInside()
    {
        foreach ((uint links, uint seen, string path) in shared.Values)
        {
            if (seen < links)
                throw Outside(path);
        }
    }

    private void Give(SafeFileHandle file, EntryFacts facts, string path, ProcessUser user)
    {
        if (!facts.IsDirectory && facts.Links > 1 && !(shared.TryGetValue(Identity(facts), out (uint Links, uint Seen, string Path) known) && known.Links == facts.Links))
            throw Outside(path);
        if ((facts.Uid, facts.Gid) != (user.Uid, user.Gid) && EntryCalls.ChangeOwner(file, user.Uid, user.Gid) is not 0 and var errno)
            throw Failed(path, Errno.Text(errno));
    }

    private static FileIdentity Identity(EntryFacts facts) => new(facts.Inode, facts.Device.Major, facts.Device.Minor);

    private ContainerException Outside(string path) => Failed(path, $"has another name outside of '{Printable.Clean(source)}', where its owner would change as well");

    private static ContainerException Failed(string path, string why) =>
        new($"{Setting.Volume}: '{Printable.Clean(path, 400)}' cannot be given to the container's user: {why}; leave U away, and change the owner yourself");
}
