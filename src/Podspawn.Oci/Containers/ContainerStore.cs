using System.Runtime.InteropServices;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Containers;

/// <summary>
/// The directory that remembers containers. A container belongs to the process that holds its lock; one whose lock is free was
/// abandoned (its launcher was killed), and whoever notices clears it away.
/// </summary>
public sealed class ContainerStore(StateLayout layout)
{
    /// <summary>Where things lie.</summary>
    public StateLayout Layout { get; } = layout;

    /// <summary>Makes a container's directory and holds it.</summary>
    /// <exception cref="ContainerException">The name is taken, or the state directory cannot be written.</exception>
    public ContainerLease Create(string id)
    {
        ContainerPaths paths = Layout.Of(ContainerId.Check(id));
        MakePrivate(Layout.RunDirectory, Layout.Containers, Layout.Cache);
        using FileLock store = FileLock.Take(Layout.StoreLock);
        if (PathCalls.Mkdir(paths.Directory, 0x1C0) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EEXIST)
                throw CannotWrite(paths.Directory, errno);
            FileLock? abandoned = FileLock.TryTake(paths.Lock, create: true)
                ?? throw new ContainerException($"--name: a container named '{id}' is running; choose another name, or wait for its end");
            using (abandoned)
                AbandonedContainer.Clear(paths);
            if (PathCalls.Mkdir(paths.Directory, 0x1C0) != 0)
                throw CannotWrite(paths.Directory, Marshal.GetLastPInvokeError());
        }
        try
        {
            return new ContainerLease(paths, FileLock.Take(paths.Lock));
        }
        catch (IOException)
        {
            _ = PathCalls.Rmdir(paths.Directory);
            throw;
        }
    }

    /// <summary>Whether a launcher holds a container of that name.</summary>
    internal bool IsRunning(string id) => Directory.Exists(Layout.Of(id).Directory) && IsHeld(id);

    /// <summary>An empty directory that every user may enter, to be the lower layer of a container without a root filesystem.</summary>
    /// <exception cref="ContainerException">The state directory cannot be written.</exception>
    internal string EmptyRoot()
    {
        MakePrivate(Layout.RunDirectory);
        string path = $"{Layout.RunDirectory}/empty";
        if (PathCalls.Mkdir(path, 0x1ED) != 0 && Marshal.GetLastPInvokeError() is not Errno.EEXIST and var errno)
            throw CannotWrite(path, errno);
        return PathCalls.Chmod(path, 0x1ED) == 0 ? path : throw CannotWrite(path, Marshal.GetLastPInvokeError());
    }

    /// <summary>Clears away what killed launchers left; quick where there is nothing. Returns the ids that were cleared.</summary>
    public IReadOnlyList<string> Recover()
    {
        var cleared = new List<string>();
        if (FileKind.HasNoSubdirectories(Layout.Containers) && FileKind.HasNoSubdirectories(Layout.Scratches))
            return cleared;
        if (!Directory.Exists(Layout.Containers))
            return cleared;
        foreach (string directory in Directory.EnumerateDirectories(Layout.Containers))
        {
            string id = Path.GetFileName(directory);
            if (ContainerId.IsValid(id) && !IsHeld(id) && ClearAbandoned(id))
                cleared.Add(id);
        }
        RemoveOrphanScratches();
        return cleared;
    }

    // Without the store's lock, so that a running container costs nothing more.
    private bool IsHeld(string id)
    {
        using FileLock? free = FileLock.TryTake(Layout.Of(id).Lock);
        return free is null && File.Exists(Layout.Of(id).Lock);
    }

    // Under the store's lock to the end: a maker holds it from making the directory until the container's lock is taken, and a new
    // container of the same name cannot begin while the old one's processes are being ended by that name.
    private bool ClearAbandoned(string id)
    {
        ContainerPaths paths = Layout.Of(id);
        using FileLock store = FileLock.Take(Layout.StoreLock);
        if (!Directory.Exists(paths.Directory))
            return false;
        using FileLock? claim = FileLock.TryTake(paths.Lock, create: true);
        if (claim is null)
            return false;
        AbandonedContainer.Clear(paths);
        return true;
    }

    private void RemoveOrphanScratches()
    {
        // A container's directory is made before its scratch layer and removed after it: one without the other was left by a reboot.
        if (!Directory.Exists(Layout.Scratches))
            return;
        foreach (string scratch in Directory.EnumerateDirectories(Layout.Scratches))
        {
            if (!Directory.Exists(Layout.Of(Path.GetFileName(scratch)).Directory))
                TreeRemoval.Remove(scratch);
        }
    }

    /// <summary>Makes directories that only root may enter.</summary>
    internal static void MakePrivate(params ReadOnlySpan<string> directories)
    {
        try
        {
            PrivateDirectory.Make(directories);
        }
        catch (IOException e)
        {
            throw new ContainerException(e.Message);
        }
    }

    private static ContainerException CannotWrite(string path, int errno) => new(
        errno is Errno.EACCES or Errno.EPERM
            ? $"{path}: {Errno.Text(errno)}; run podspawn-oci as root"
            : $"{path}: {Errno.Text(errno)}; make its filesystem writable, with room to spare");
}
