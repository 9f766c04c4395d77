using System.Text;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.State;

/// <summary>The names of containers: one file for each name, which contains the id. Only the holder of the store's lock changes them.</summary>
internal sealed class ContainerNames(StateLayout layout)
{
    /// <summary>Every name that belongs to no container.</summary>
    internal IEnumerable<string> Orphans() =>
        (Directory.Exists(layout.Names) ? Directory.GetFiles(layout.Names) : []).Select(path => Path.GetFileName(path)).Where(name => Owner(name) is null);

    /// <summary>The id of the container that has the name; null for none. The name of a container that no longer exists is free.</summary>
    internal string? Owner(string name)
    {
        if (SmallFile.Read(PathOf(name)) is not { } id || !ContainerId.IsValid(id))
            return null;
        ContainerPaths paths = layout.Of(id);
        if (!Directory.Exists(paths.Directory))
            return null;
        // A container that is being created has no definition yet. A container with another name is being renamed, or its rename was interrupted by a kill.
        if (RecordJson.ReadDefinition(paths.Definition) is not { } definition || definition.Name == name)
            return id;
        using FileLock? free = FileLock.TryTake(paths.Lock);
        return free is null ? id : null;
    }

    /// <summary>Whether that container runs in the foreground of its launcher.</summary>
    internal bool IsInForeground(string id) => RecordJson.ReadDefinition(layout.Of(id).Definition) is { Foreground: true };

    internal void Write(string name, string id) => PendingFile.Write(PathOf(name), Encoding.ASCII.GetBytes(id));

    /// <summary>Removes the name if it belongs to that container.</summary>
    internal void Remove(string name, string id)
    {
        if (SmallFile.Read(PathOf(name)) == id)
            File.Delete(PathOf(name));
    }

    /// <summary>Deletes every name file that contains the id of that container.</summary>
    internal void RemoveAll(string id)
    {
        foreach (string path in Directory.Exists(layout.Names) ? Directory.GetFiles(layout.Names) : [])
        {
            if (SmallFile.Read(path) == id)
                File.Delete(path);
        }
    }

    /// <summary>Whether there are any names.</summary>
    internal bool Any() => Directory.Exists(layout.Names) && Directory.EnumerateFiles(layout.Names).Any();

    /// <summary>Whether there are more names than that: then some belong to no container.</summary>
    internal bool HasMoreThan(int containers) => Directory.Exists(layout.Names) && Directory.EnumerateFiles(layout.Names).Skip(containers).Any();

    /// <summary>Removes names without a container, which processes that were killed have left behind.</summary>
    internal void Sweep()
    {
        using FileLock store = FileLock.Take(layout.StoreLock);
        foreach (string name in Orphans())
            File.Delete(PathOf(name));
    }

    private string PathOf(string name) => $"{layout.Names}/{name}";
}
