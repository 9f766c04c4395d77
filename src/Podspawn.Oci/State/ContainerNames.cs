using System.Text;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.State;

/// <summary>The names of kept containers: a file each, which says the id. Only whoever holds the store's lock changes them.</summary>
internal sealed class ContainerNames(StateLayout layout)
{
    /// <summary>Every name without a container.</summary>
    internal IEnumerable<string> Orphans() =>
        (Directory.Exists(layout.Names) ? Directory.GetFiles(layout.Names) : []).Select(path => Path.GetFileName(path)).Where(name => Owner(name) is null);

    /// <summary>The id of the container that has the name; null where none has. A name without a container counts for nothing.</summary>
    internal string? Owner(string name)
    {
        if (SmallFile.Read(PathOf(name)) is not { } id || !ContainerId.IsValid(id))
            return null;
        ContainerPaths paths = layout.Of(id);
        if (!Directory.Exists(paths.Directory))
            return null;
        // One that is being made has not been described yet; one that is called otherwise is being renamed, or was by somebody who was killed.
        if (RecordJson.ReadDefinition(paths.Definition) is not { } definition || definition.Name == name)
            return id;
        using FileLock? free = FileLock.TryTake(paths.Lock);
        return free is null ? id : null;
    }

    internal void Write(string name, string id) => PendingFile.Write(PathOf(name), Encoding.ASCII.GetBytes(id));

    /// <summary>Takes the name away from that container.</summary>
    internal void Remove(string name, string id)
    {
        if (SmallFile.Read(PathOf(name)) == id)
            File.Delete(PathOf(name));
    }

    /// <summary>Takes every name away from that container; a name of it counts for nothing then, whatever else it says.</summary>
    internal void RemoveAll(string id)
    {
        foreach (string path in Directory.Exists(layout.Names) ? Directory.GetFiles(layout.Names) : [])
        {
            if (SmallFile.Read(path) == id)
                File.Delete(path);
        }
    }

    /// <summary>Whether there are names at all.</summary>
    internal bool Any() => Directory.Exists(layout.Names) && Directory.EnumerateFiles(layout.Names).Any();

    /// <summary>Whether there are more names than that: some have no container then.</summary>
    internal bool HasMoreThan(int containers) => Directory.Exists(layout.Names) && Directory.EnumerateFiles(layout.Names).Skip(containers).Any();

    /// <summary>Removes names without a container, which somebody who was killed has left.</summary>
    internal void Sweep()
    {
        using FileLock store = FileLock.Take(layout.StoreLock);
        foreach (string name in Orphans())
            File.Delete(PathOf(name));
    }

    private string PathOf(string name) => $"{layout.Names}/{name}";
}
