using System.Runtime.InteropServices;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Cleanup;

namespace Podspawn.Oci.State.Store;

/// <summary>
/// The directory of the containers' records. A container belongs to the process that holds its lock; a container in the foreground whose lock is free
/// is an orphan (its launcher was killed), and the next process that finds it removes it.
/// </summary>
public sealed class ContainerStore(StateLayout layout)
{
    private readonly ContainerNames names = new(layout);
    private bool established;

    /// <summary>The paths of the store.</summary>
    public StateLayout Layout { get; } = layout;

    /// <summary>Creates the directory of a container whose name is its id, and locks it.</summary>
    /// <exception cref="ContainerException">The name is taken, or the state directory cannot be written.</exception>
    public ContainerLease Create(string id) => Create(id, _ => id, kept: false).Lease;

    /// <summary>Creates the directory of a container whose name is not its id, in the background or the foreground, and locks it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="choose">Chooses the name; it may ask whether a name is taken, and the answer stays true until this returns.</param>
    /// <inheritdoc cref="Create(string)" path="/exception"/>
    internal (ContainerLease Lease, string Name) CreateDetached(string id, Func<Func<string, bool>, string> choose) => Create(id, choose, kept: true);

    /// <summary>Creates the store where there is none; what the store creates carries its identity.</summary>
    /// <exception cref="ContainerException">The state directory cannot be written, or belongs to another place.</exception>
    internal void Establish()
    {
        if (established)
            return;
        MakePrivate(Layout.RunDirectory, Layout.Containers, Layout.Cache, Layout.Names);
        if (Layout.Identity is null)
        {
            using FileLock store = FileLock.Take(Layout.StoreLock);
            StoreBinding.Establish(Layout);
        }
        established = true;
    }

    private (ContainerLease Lease, string Name) Create(string id, Func<Func<string, bool>, string> choose, bool kept)
    {
        Establish();
        ContainerPaths paths = Layout.Of(ContainerId.Check(id));
        using FileLock store = FileLock.Take(Layout.StoreLock);
        StoreBinding.Confirm(Layout);
        string name = choose(wanted => names.Owner(wanted) is not null || Directory.Exists(Layout.Of(wanted).Directory));
        // One whose launcher was killed has no use for its name, and is cleared away with it.
        if (names.Owner(ContainerId.Check(name)) is { } owner && !(IsAbandoned(owner) && ClearAbandonedHere(Layout.Of(owner))))
            throw names.IsInForeground(owner) ? NameRuns(name) : NameTaken(name, owner);
        if (kept && Directory.Exists(Layout.Of(name).Directory) && !ClearAbandonedHere(Layout.Of(name)))
            throw NameRuns(name);
        if (PathCalls.Mkdir(paths.Directory, FileModes.OwnersDirectory) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EEXIST)
                throw CannotWrite(paths.Directory, errno);
            FileLock? abandoned = FileLock.TryTake(paths.Lock, create: true)
                ?? throw NameRuns(id);
            using (abandoned)
                Clear(paths);
            if (PathCalls.Mkdir(paths.Directory, FileModes.OwnersDirectory) != 0)
                throw CannotWrite(paths.Directory, Marshal.GetLastPInvokeError());
        }
        FileLock? held = null;
        try
        {
            held = FileLock.Take(paths.Lock);
            Faults.Point("create.directory");
            if (kept)
                names.Write(name, id);
            Faults.Point("create.named");
            return (new ContainerLease(this, paths, held, kept ? name : null), name);
        }
        catch (IOException)
        {
            held?.Dispose();
            names.RemoveAll(id);
            TreeRemoval.Remove(paths.Directory);
            throw;
        }
    }

    /// <summary>The id of the container that has the name; null where there is none.</summary>
    internal string? IdOf(string name) => names.Owner(name);

    /// <summary>
    /// Removes a container whose creation failed, or that has run in the foreground, with its name: that first, since a directory without a name is still
    /// found later.
    /// </summary>
    internal void Discard(ContainerPaths paths, string? name)
    {
        if (name is not null)
        {
            using FileLock store = FileLock.Take(Layout.StoreLock);
            names.Remove(name, paths.Id);
        }
        TreeRemoval.Remove(paths.Scratch);
        TreeRemoval.Remove(paths.Directory);
    }

    /// <summary>Adds a name to a detached container, beside the one that it has.</summary>
    /// <exception cref="ContainerException">The name is taken, or invalid.</exception>
    internal void Claim(ContainerPaths paths, string name)
    {
        using FileLock store = FileLock.Take(Layout.StoreLock);
        if (names.Owner(ContainerId.Check(name)) is { } owner && owner != paths.Id)
            throw names.IsInForeground(owner) ? NameRuns(name) : NameTaken(name, owner);
        if (Directory.Exists(Layout.Of(name).Directory))
            throw NameRuns(name);
        names.Write(name, paths.Id);
        Faults.Point("rename.claimed");
    }

    /// <summary>Removes one of a detached container's names.</summary>
    internal void Release(ContainerPaths paths, string name)
    {
        using FileLock store = FileLock.Take(Layout.StoreLock);
        names.Remove(name, paths.Id);
    }

    /// <summary>Removes the directory and the name of a container of which nothing else is left.</summary>
    internal void Forget(ContainerPaths paths, string name)
    {
        using FileLock store = FileLock.Take(Layout.StoreLock);
        names.Remove(name, paths.Id);
        TreeRemoval.Remove(paths.Directory);
    }

    /// <summary>Whether a launcher holds a container of that name.</summary>
    internal bool IsRunning(string id) => Directory.Exists(Layout.Of(id).Directory) && !IsKept(id) && IsHeld(id);

    /// <summary>Whether the process that created or ran a container was killed, so that the container is an orphan.</summary>
    internal bool IsAbandoned(string id) => Directory.Exists(Layout.Of(id).Directory) && !IsKept(id) && !IsHeld(id);

    /// <summary>Names without a container.</summary>
    internal IEnumerable<string> OrphanNames() => names.Orphans();

    /// <summary>Removes names without a container.</summary>
    internal void SweepNames() => names.Sweep();

    /// <summary>An empty directory that every user may enter: the lower layer of a container without a root filesystem.</summary>
    /// <exception cref="ContainerException">The state directory cannot be written.</exception>
    internal string EmptyRoot()
    {
        MakePrivate(Layout.RunDirectory);
        string path = Layout.EmptyRoot;
        if (PathCalls.Mkdir(path, FileModes.PublicDirectory) != 0 && Marshal.GetLastPInvokeError() is not Errno.EEXIST and var errno)
            throw CannotWrite(path, errno);
        return PathCalls.Chmod(path, FileModes.PublicDirectory) == 0 ? path : throw CannotWrite(path, Marshal.GetLastPInvokeError());
    }

    /// <summary>Removes what killed launchers left behind; quick where there is nothing. Returns the ids of the removed containers.</summary>
    /// <exception cref="ForeignStoreException">The store belongs to another place: it is left alone.</exception>
    public IReadOnlyList<string> Recover()
    {
        var cleared = new List<string>();
        if (FileKind.HasNoSubdirectories(Layout.Containers) && FileKind.HasNoSubdirectories(Layout.AllScratches) && !names.Any())
            return cleared;
        if (Layout.Identity is null && Directory.Exists(Layout.Containers))
            Establish();
        int kept = 0;
        foreach (string directory in Directory.Exists(Layout.Containers) ? Directory.EnumerateDirectories(Layout.Containers) : [])
        {
            string id = Path.GetFileName(directory);
            kept += id.Length == ContainerId.KeptLength ? 1 : 0;
            if (ContainerId.IsValid(id) && !IsKept(id) && !IsHeld(id) && ClearAbandoned(id))
                cleared.Add(id);
        }
        foreach (OrphanLayer layer in OrphanLayers.Find(Layout))
            layer.Remove();
        if (cleared.Count > 0 || names.HasMoreThan(kept))
            names.Sweep();
        return cleared;
    }

    // Checked without the store's lock, so that a running container costs nothing more.
    private bool IsHeld(string id)
    {
        using FileLock? free = FileLock.TryTake(Layout.Of(id).Lock);
        return free is null && File.Exists(Layout.Of(id).Lock);
    }

    // The store's lock is held to the end: a creator holds it from the directory's creation until the container's lock is taken, and a new container
    // of the same name cannot begin while the old one's processes are being ended by that name.
    private bool ClearAbandoned(string id)
    {
        ContainerPaths paths = Layout.Of(id);
        using FileLock store = FileLock.Take(Layout.StoreLock);
        return Directory.Exists(paths.Directory) && ClearAbandonedHere(paths);
    }

    private bool ClearAbandonedHere(ContainerPaths paths)
    {
        using FileLock? claim = FileLock.TryTake(paths.Lock, create: true);
        if (claim is null || IsKept(paths.Id))
            return false;
        Clear(paths);
        return true;
    }

    private void Clear(ContainerPaths paths)
    {
        ContainerCleanup.Clear(paths);
        names.RemoveAll(paths.Id);
        TreeRemoval.Remove(paths.Directory);
    }

    // The creator of a detached container writes its state last.
    private bool IsKept(string id) => File.Exists(Layout.Of(id).State);

    private static ContainerException NameRuns(string name) => new($"{Setting.ContainerName}: a container named '{name}' is running; choose another name, or wait for its end");

    private static ContainerException NameTaken(string name, string owner) =>
        new($"{Setting.ContainerName}: the name '{name}' is taken by the container {owner[..12]}; choose another, or remove that one: {Operation.Remove} {name}");

    /// <summary>Creates the directories of a container's layer, and of its mount point.</summary>
    /// <exception cref="ContainerException">The directories cannot be created.</exception>
    internal void MakeLayer(ContainerPaths paths) =>
        MakePrivate(Layout.DataDirectory, Layout.AllScratches, Layout.Scratches, paths.Scratch, paths.Root);

    /// <summary>Creates directories that only root may enter.</summary>
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
