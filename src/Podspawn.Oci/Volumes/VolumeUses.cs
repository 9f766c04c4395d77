using Podspawn.Oci.State;
using Podspawn.Oci.State.Records;

namespace Podspawn.Oci.Volumes;

/// <summary>A container that uses a volume, whether it runs or not.</summary>
/// <param name="Id">The container's id.</param>
/// <param name="Name">Its name; null where it is just being made, or belongs to another state directory.</param>
/// <param name="Where">Where it is, for one of another state directory; else null.</param>
internal sealed record VolumeUser(string Id, string? Name, string? Where = null)
{
    internal string Shown => Where is null ? Name ?? Id : $"{Id} of another state directory (see {Where}, and remove that where it is gone for good)";
}

/// <summary>
/// Tells which containers use a volume. Those of this state directory tell it by their records; of another one's, and of one that is just being made,
/// a file beside the volume tells it.
/// </summary>
internal sealed class VolumeUses
{
    private readonly StateLayout layout;
    private readonly ILookup<string, VolumeUser> byVolume;
    private readonly HashSet<string> beingMade = [];

    private VolumeUses(StateLayout layout)
    {
        this.layout = layout;
        var users = new List<(string Volume, VolumeUser User)>();
        foreach (string directory in Directory.Exists(layout.Containers) ? Directory.GetDirectories(layout.Containers) : [])
        {
            string id = Path.GetFileName(directory);
            if (RecordJson.ReadDefinition(layout.Of(id).Definition) is not { } definition)
                beingMade.Add(id);
            else
                users.AddRange(NamesIn(definition).Select(volume => (volume, new VolumeUser(id, definition.Name))));
        }
        byVolume = users.ToLookup(use => use.Volume, use => use.User);
    }

    /// <summary>Reads who uses what at this moment. The answer stays true for who holds the lock of the volumes.</summary>
    internal static VolumeUses Read(StateLayout layout) => new(layout);

    /// <summary>The names of the volumes that a container has, each once.</summary>
    internal static IEnumerable<string> NamesIn(ContainerDefinition definition) =>
        definition.Mounts.Select(mount => mount.Volume?.Name).OfType<string>().Where(VolumeName.IsValid).Distinct();

    /// <summary>The file beside a volume that tells of a container of this state directory.</summary>
    internal static string FileOf(VolumePaths volume, StateLayout layout, string container) => $"{volume.Users}/{layout.Identity?.LayersName ?? StoreIdentity.NoStore}.{container}";

    /// <summary>The users of a volume.</summary>
    internal IReadOnlyList<VolumeUser> Of(VolumePaths volume)
    {
        List<VolumeUser> users = [.. byVolume[volume.Name]];
        foreach (string path in Directory.Exists(volume.Users) ? Directory.GetFiles(volume.Users) : [])
        {
            if (Path.GetFileName(path).Split('.', 2) is not [var store, var id])
                continue;
            if (store != layout.Identity?.LayersName)
            {
                // The containers of an earlier boot have ended.
                if (!StoreIdentity.IsDead(store))
                    users.Add(new VolumeUser(id, null, path));
            }
            else if (beingMade.Contains(id))
            {
                users.Add(new VolumeUser(id, null));
            }
        }
        return users;
    }
}
