using Podspawn.Oci.Native;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Networks.Records;

/// <summary>The paths of the networks of a data directory. All of them are root's, and closed to others.</summary>
/// <param name="Directory">The directory of all networks.</param>
internal sealed record NetworkPlaces(string Directory)
{
    // After another boot nothing of it is there: no bridge, no lease, no server of names.
    private readonly string boot = $"{Directory}/.boot/{StoreIdentity.Here("000000000000", "/").Boot}";

    /// <summary>The lock of whoever makes, connects or removes.</summary>
    internal string Lock => $"{Directory}/.lock";

    /// <summary>A network that is being made or removed.</summary>
    internal string Staging => $"{Directory}/.staging";

    /// <summary>What netavark and the server of names remember: this boot's.</summary>
    internal string Netavark => $"{boot}/netavark";

    /// <summary>The process id of the server of names.</summary>
    internal string NameServerPid => $"{Netavark}/aardvark-dns/aardvark.pid";

    /// <summary>Who has which address: this boot's.</summary>
    internal string Leases => $"{boot}/leases";

    internal static NetworkPlaces Of(StateLayout layout) => new(layout.Networks);

    /// <summary>The paths of a network.</summary>
    internal NetworkPaths Of(string name) => new(NetworkName.Check(name), $"{Directory}/{name}");

    /// <summary>Makes the directories, and takes the lock. What an earlier boot has left goes.</summary>
    /// <exception cref="IOException">They cannot be made.</exception>
    internal FileLock Take()
    {
        PrivateDirectory.Make(Path.GetDirectoryName(Directory)!, Directory);
        FileLock held = FileLock.Take(Lock);
        if (!System.IO.Directory.Exists(boot))
        {
            TreeRemoval.Remove($"{Directory}/.boot");
            PrivateDirectory.Make($"{Directory}/.boot", boot, Netavark, Leases);
        }
        return held;
    }
}

/// <summary>The paths of one network.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Directory">Its directory.</param>
internal sealed record NetworkPaths(string Name, string Directory)
{
    /// <summary>Its record.</summary>
    internal string Record => $"{Directory}/network.json";
}
