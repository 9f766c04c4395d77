using System.Text;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Containers;

/// <summary>The names of kept containers: a file each, which says the id. Only whoever holds the store's lock changes them.</summary>
internal sealed class ContainerNames(StateLayout layout)
{
    /// <summary>The id of the container that has the name; null where none has. A name without a container counts for nothing.</summary>
    internal string? Owner(string name) =>
        SmallFile.Read(PathOf(name)) is { } id && ContainerId.IsValid(id) && Directory.Exists(layout.Of(id).Directory) ? id : null;

    internal void Write(string name, string id)
    {
        using var file = new PendingFile(PathOf(name));
        new DescriptorStream(file.Descriptor).Write(Encoding.ASCII.GetBytes(id));
        file.Keep();
    }

    /// <summary>Takes the name away from that container.</summary>
    internal void Remove(string name, string id)
    {
        if (SmallFile.Read(PathOf(name)) == id)
            File.Delete(PathOf(name));
    }

    /// <summary>Removes names without a container, which somebody who was killed has left.</summary>
    internal void Sweep()
    {
        using FileLock store = FileLock.Take(layout.StoreLock);
        foreach (string path in Directory.Exists(layout.Names) ? Directory.GetFiles(layout.Names) : [])
        {
            if (Owner(Path.GetFileName(path)) is null)
                File.Delete(path);
        }
    }

    private string PathOf(string name) => $"{layout.Names}/{name}";
}
