using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Volumes;

/// <summary>
/// The volumes of a data directory. One lock is held whenever one is made, claimed or removed; what a killed command has left half done lies in a
/// staging, and is removed by the next command.
/// </summary>
public sealed class VolumeStore(StateLayout layout)
{
    private string LockFile => $"{layout.Volumes}/.lock";

    private string Staging => $"{layout.Volumes}/.staging";

    // One empty file for each volume that goes with its last user.
    private string Leaving => $"{layout.Volumes}/.leaving";

    /// <summary>Every volume, sorted by name.</summary>
    public IReadOnlyList<Volume> All() => [.. Names().Select(name => VolumeFields.Read(Of(name))).OfType<Volume>()];

    /// <summary>Whether there is a volume of that name.</summary>
    public bool Exists(string name) => VolumeName.IsValid(name) && Directory.Exists(Of(name).Directory);

    /// <summary>Finds a volume.</summary>
    /// <exception cref="ContainerException">There is none of that name, or its record cannot be read.</exception>
    public Volume Find(string name) => Exists(name) ? VolumeFields.Read(Of(name)) ?? throw VolumeErrors.Unreadable(Of(name)) : throw new NoSuchVolumeException(name);

    /// <summary>Returns a function that names the containers which use a volume, as they are at this moment.</summary>
    public Func<Volume, IReadOnlyList<string>> Users()
    {
        VolumeUses uses = VolumeUses.Read(layout);
        return volume => [.. uses.Of(Of(volume.Name)).Select(user => user.Name ?? user.Id)];
    }

    /// <summary>Makes a volume.</summary>
    /// <param name="name">Its name; null for a random one.</param>
    /// <param name="labels">Its labels.</param>
    /// <exception cref="ContainerException">The name is taken, or is none.</exception>
    public Volume Create(string? name, IReadOnlyDictionary<string, string> labels)
    {
        VolumePaths paths = Of(name ?? VolumeName.New());
        using FileLock held = Take();
        return Directory.Exists(paths.Directory) ? throw VolumeErrors.Exists(paths.Name) : Make(paths, labels, isAnonymous: name is null);
    }

    /// <summary>Removes a volume that no container uses, with its content.</summary>
    /// <exception cref="ContainerException">There is none of that name, or containers use it.</exception>
    public void Remove(string name)
    {
        if (!Exists(name))
            throw new NoSuchVolumeException(name);
        string removed;
        using (FileLock held = Take())
        {
            VolumePaths paths = Of(name);
            if (!Directory.Exists(paths.Directory))
                throw new NoSuchVolumeException(name);
            if (VolumeUses.Read(layout).Of(paths) is { Count: > 0 } users)
                throw VolumeErrors.InUse(name, users);
            removed = MoveAway(paths);
        }
        Clear(removed);
    }

    /// <summary>Records that a container uses volumes, and makes those that are missing.</summary>
    /// <param name="container">The container's id; its directory exists.</param>
    /// <param name="volumes">The volumes.</param>
    /// <param name="made">Receives the names of those that were made, one by one.</param>
    /// <exception cref="ContainerException">A volume that has to be there is missing.</exception>
    internal void Claim(string container, IEnumerable<NamedVolume> volumes, Action<string> made)
    {
        using FileLock held = Take();
        foreach (NamedVolume volume in volumes)
        {
            VolumePaths paths = Of(volume.Name);
            if (!Directory.Exists(paths.Directory))
            {
                if (volume.MustExist)
                    throw new NoSuchVolumeException(volume.Name);
                // It goes with its user until the container stands: a launch that is killed leaves nothing.
                if (volume.IsAnonymous)
                    File.WriteAllBytes($"{Leaving}/{volume.Name}", []);
                Faults.Point("volume.leaving");
                Make(paths, volume.Labels, volume.IsAnonymous);
                made(volume.Name);
            }
            File.WriteAllBytes(VolumeUses.FileOf(paths, layout, container), []);
            Faults.Point("volume.claimed");
        }
    }

    /// <summary>Records that a container does not use volumes any more, and removes those that go with their last user.</summary>
    internal void Withdraw(string container, IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            if (Directory.Exists(Of(name).Users))
                File.Delete(VolumeUses.FileOf(Of(name), layout, container));
        }
        Faults.Point("volume.withdrawn");
        Recover();
    }

    /// <summary>Lets volumes go with their last user.</summary>
    internal void LetGo(IEnumerable<string> names)
    {
        if (!Directory.Exists(Leaving))
            return;
        using FileLock held = Take();
        foreach (string name in names.Where(Exists))
            File.WriteAllBytes($"{Leaving}/{name}", []);
    }

    /// <summary>Lets volumes stay when their last user has gone.</summary>
    internal void LetStay(IEnumerable<string> names)
    {
        foreach (string name in names)
            File.Delete($"{Leaving}/{name}");
    }

    /// <summary>Removes what killed commands have left, and the volumes whose last user has gone with them. Quick where there is nothing.</summary>
    public void Recover()
    {
        if (!Orphans().Any())
            return;
        List<string> removed;
        using (FileLock held = Take())
        {
            // Whoever works in the staging holds the lock.
            removed = [.. Directory.GetDirectories(Staging)];
            VolumeUses uses = VolumeUses.Read(layout);
            foreach (string name in Left())
            {
                if (!Directory.Exists(Of(name).Directory))
                    File.Delete($"{Leaving}/{name}");
                else if (uses.Of(Of(name)).Count == 0)
                    removed.Add(MoveAway(Of(name)));
            }
        }
        removed.ForEach(Clear);
    }

    /// <summary>What <see cref="Recover"/> looks at: names of volumes that may go, and directories of the staging.</summary>
    internal IEnumerable<string> Orphans() => Directory.Exists(Staging) && Directory.Exists(Leaving) ? Directory.EnumerateFileSystemEntries(Staging).Concat(Left()) : [];

    /// <summary>The volumes that go with their last user, and have none.</summary>
    internal IEnumerable<string> Unused()
    {
        if (!Orphans().Any())
            return [];
        VolumeUses uses = VolumeUses.Read(layout);
        return [.. Directory.GetDirectories(Staging), .. Left().Where(name => uses.Of(Of(name)).Count == 0)];
    }

    /// <summary>Opens the directory of a volume's content.</summary>
    /// <exception cref="ContainerException">The volume is gone, or somebody has put something else there.</exception>
    internal SafeFileHandle OpenData(string name)
    {
        VolumePaths paths = Of(name);
        using SafeFileHandle? volume = PathCalls.Open(paths.Directory, PathCalls.O_PATH | PathCalls.O_DIRECTORY | PathCalls.O_NOFOLLOW, out int errno);
        SafeFileHandle? data = volume is null ? null : EntryCalls.Open(volume, EntryName.Of(VolumePaths.DataName), PathCalls.O_PATH | PathCalls.O_DIRECTORY, out errno);
        return data ?? throw new ContainerException($"volume '{name}': {paths.Data}: {Errno.Text(errno)}; it was removed by hand: make it again, or remove its containers");
    }

    /// <summary>Holds the content of a volume against whoever would put an image's content into it.</summary>
    internal FileLock HoldContent(string name) => FileLock.Take(Of(name).Lock);

    private VolumePaths Of(string name) => VolumePaths.Of(layout, name);

    private IEnumerable<string> Names() => Directory.Exists(layout.Volumes)
        ? Directory.EnumerateDirectories(layout.Volumes).Select(path => Path.GetFileName(path)).Where(VolumeName.IsValid).Order(StringComparer.Ordinal)
        : [];

    private IEnumerable<string> Left() => Directory.EnumerateFiles(Leaving).Select(path => Path.GetFileName(path)).Where(VolumeName.IsValid);

    private FileLock Take()
    {
        try
        {
            PrivateDirectory.Make(layout.DataDirectory, layout.Volumes, Staging, Leaving);
            return FileLock.Take(LockFile);
        }
        catch (IOException e)
        {
            throw new ContainerException(e.Message);
        }
    }

    // The last step makes it a volume; until then whoever has the lock next clears it away.
    private Volume Make(VolumePaths paths, IReadOnlyDictionary<string, string> labels, bool isAnonymous)
    {
        var volume = new Volume { Name = paths.Name, Created = DateTimeOffset.UtcNow, Labels = labels, IsAnonymous = isAnonymous, Mountpoint = paths.Data };
        var staged = new VolumePaths(paths.Name, $"{Staging}/{Guid.NewGuid():N}");
        PrivateDirectory.Make(staged.Directory, staged.Users);
        using (FileMask mask = FileMask.HoldUsual())
            Directory.CreateDirectory(staged.Data, FileModes.PublicDirectory);
        File.WriteAllBytes(staged.Lock, []);
        VolumeFields.Write(staged, volume);
        Faults.Point("volume.staged");
        Directory.Move(staged.Directory, paths.Directory);
        // One without a name has nobody to miss it after a crash of the host.
        using SafeFileHandle? all = isAnonymous ? null : PathCalls.Open(layout.Volumes, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY, out _);
        if (all is not null)
            RandomAccess.FlushToDisk(all);
        Faults.Point("volume.made");
        VolumeEvents.Report(layout, paths.Name, VolumeEvents.Made);
        return volume;
    }

    // The content may be large: it is removed when the lock is free again.
    private string MoveAway(VolumePaths paths)
    {
        string staged = $"{Staging}/{Guid.NewGuid():N}";
        Directory.Move(paths.Directory, staged);
        Faults.Point("volume.moved");
        File.Delete($"{Leaving}/{paths.Name}");
        VolumeEvents.Report(layout, paths.Name, VolumeEvents.Removed);
        return staged;
    }

    private static void Clear(string staged)
    {
        TreeRemoval.Remove(staged);
        Faults.Point("volume.removed");
    }
}
