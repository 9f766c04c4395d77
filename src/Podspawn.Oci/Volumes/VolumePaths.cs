using Podspawn.Oci.State;

namespace Podspawn.Oci.Volumes;

/// <summary>The paths of one volume. All but its content are root's, and closed to others.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Directory">Its directory.</param>
internal sealed record VolumePaths(string Name, string Directory)
{
    /// <summary>The name of the directory with the content, in docker and podman as well.</summary>
    internal const string DataName = "_data";

    /// <summary>The directory that is mounted: its owner and permissions are the content's own.</summary>
    internal string Data => $"{Directory}/{DataName}";

    /// <summary>The record.</summary>
    internal string Record => $"{Directory}/volume.json";

    /// <summary>One empty file for each container that uses the volume, named by its store and its id.</summary>
    internal string Users => $"{Directory}/users";

    /// <summary>Held while the content of an image is put into it.</summary>
    internal string Lock => $"{Directory}/lock";

    /// <summary>The paths of a volume of that name, which is checked.</summary>
    internal static VolumePaths Of(StateLayout layout, string name) => new(name, $"{layout.Volumes}/{VolumeName.Check(name)}");
}
