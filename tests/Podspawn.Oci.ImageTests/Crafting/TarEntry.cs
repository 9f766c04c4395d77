using System.Text;

namespace Podspawn.Oci.ImageTests.Crafting;

/// <summary>An entry of a tar archive, written exactly as given: nothing is checked, completed or made safe.</summary>
internal sealed record TarEntry(string Name)
{
    /// <summary>The typeflag (pax, "ustar Interchange Format").</summary>
    internal char Type { get; init; } = '0';

    internal int Mode { get; init; } = 0x1A4; // 0644

    internal long Uid { get; init; }

    internal long Gid { get; init; }

    /// <summary>Seconds since 1970; a fraction goes into a pax record.</summary>
    internal decimal Time { get; init; } = 1_600_000_000m;

    /// <summary>The target of a link.</summary>
    internal string Link { get; init; } = "";

    internal ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>The number of NULs in place of the content.</summary>
    internal long Zeros { get; init; }

    /// <summary>The stated size in the header; null for the right one.</summary>
    internal long? ToldSize { get; init; }

    internal uint DeviceMajor { get; init; }

    internal uint DeviceMinor { get; init; }

    internal IReadOnlyDictionary<string, byte[]> Xattrs { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>The name's bytes, for names that are not UTF-8.</summary>
    internal byte[]? NameBytes { get; init; }

    /// <summary>Long names as GNU tar writes them ('L' and 'K' entries), not in pax records.</summary>
    internal bool GnuNames { get; init; }

    /// <summary>The parts of a sparse file that contain data; <see cref="SparseSize"/> is its size.</summary>
    internal IReadOnlyList<(long Offset, byte[] Data)> Sparse { get; init; } = [];

    internal long? SparseSize { get; init; }

    /// <summary>Sparse as in old GNU tar (an 'S' entry), not as in pax format 1.0.</summary>
    internal bool OldSparse { get; init; }

    internal static TarEntry File(string name, string text = "") => new(name) { Content = Encoding.UTF8.GetBytes(text) };

    internal static TarEntry Directory(string name, int mode = 0x1ED) => new(name) { Type = '5', Mode = mode };

    internal static TarEntry Symlink(string name, string target) => new(name) { Type = '2', Link = target, Mode = 0x1FF };

    internal static TarEntry HardLink(string name, string target) => new(name) { Type = '1', Link = target };

    internal static TarEntry Node(string name, char type, uint major, uint minor) => new(name) { Type = type, DeviceMajor = major, DeviceMinor = minor };

    internal static TarEntry Fifo(string name) => new(name) { Type = '6' };

    /// <summary>An entry that removes a path of the layers below (OCI image spec, layer.md, "Whiteouts").</summary>
    internal static TarEntry Whiteout(string path)
    {
        int slash = path.LastIndexOf('/') + 1;
        return new TarEntry($"{path[..slash]}.wh.{path[slash..]}");
    }

    /// <summary>An entry that hides the content of a directory in the layers below.</summary>
    internal static TarEntry Opaque(string directory) => new($"{directory}/.wh..wh..opq");
}
