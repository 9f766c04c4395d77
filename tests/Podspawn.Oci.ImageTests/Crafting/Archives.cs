using CliWrap;

namespace Podspawn.Oci.ImageTests.Crafting;

/// <summary>Tar archives of root filesystems, beside a workshop's layouts.</summary>
internal static class Archives
{
    // VFS_CAP_REVISION_2 with cap_net_raw, effective (linux/capability.h).
    private static readonly byte[] Capability = Convert.FromHexString("0100000200200000000000000000000000000000");

    // ACL_EA_VERSION 2; user::rw-, user:1000:r--, group::r--, mask::r--, other::--- (linux/posix_acl_xattr.h).
    private static readonly byte[] AccessList = Convert.FromHexString("02000000" + "01000600ffffffff" + "02000400e8030000" + "04000400ffffffff" + "10000400ffffffff" +
        "20000000ffffffff");

    /// <summary>A tree with an entry of every kind.</summary>
    internal static IReadOnlyList<TarEntry> Everything { get; } =
    [
        TarEntry.Directory("bin/"),
        TarEntry.File("bin/tool", "tool") with { Mode = 0x9ED, Time = 1_500_000_000.123456789m },
        TarEntry.HardLink("bin/twin", "bin/tool"),
        TarEntry.Symlink("bin/link", "/etc/shadow"),
        TarEntry.Symlink("bin/dotted", "./tool"),
        TarEntry.File("bin/ping", "x") with { Xattrs = new Dictionary<string, byte[]> { ["security.capability"] = Capability } },
        TarEntry.Directory("d/", 0x3C0) with { Uid = 12, Gid = 34, Time = 1, Xattrs = new Dictionary<string, byte[]> { ["user.note"] = [1, 2, 0, 3], ["trusted.note"] = [4] } },
        TarEntry.File("d/listed", "x") with { Mode = 0x1A0, Xattrs = new Dictionary<string, byte[]> { ["system.posix_acl_access"] = AccessList } },
        TarEntry.File("d/owned") with { Uid = 2_000_000_000, Gid = 65534, Mode = 0, Time = -1 },
        TarEntry.Node("d/null", '3', 1, 3),
        TarEntry.Node("d/disk", '4', 8, 1),
        TarEntry.Fifo("d/fifo"),
        TarEntry.Directory("-rf/"),
        TarEntry.File("-rf/--checkpoint-action=exec", "x"),
        TarEntry.File("line\nbreak", "x"),
        TarEntry.File("back\\slash\\n", "x"),
        TarEntry.File("*", "x"),
        TarEntry.File(".hidden", "x"),
        TarEntry.File("naïve ☃", "x"),
        new TarEntry("latin1") { NameBytes = [0x63, 0x61, 0x66, 0xE9], Content = "x"u8.ToArray() },
        .. Enumerable.Range(1, 30).Select(depth => TarEntry.Directory(string.Concat(Enumerable.Repeat("directory/", depth)))),
        TarEntry.File($"{string.Concat(Enumerable.Repeat("directory/", 30))}{new string('n', 200)}", "x"),
    ];

    /// <summary>Writes an archive.</summary>
    /// <returns>Its path.</returns>
    internal static string Pack(Workshop workshop, params IEnumerable<TarEntry> entries)
    {
        string path = $"{workshop.Root}/layout-{Guid.NewGuid():N}.tar";
        using FileStream file = File.Create(path);
        CraftedLayer.Of(entries).Write(new TarWriter(file));
        return path;
    }

    /// <summary>Compresses a file with the program of that name.</summary>
    /// <returns>The path of the compressed file.</returns>
    internal static async Task<string> Compress(string path, string tool)
    {
        string compressed = $"{path}.{tool}";
        await Cli.Wrap(tool).WithArguments(["-c", path]).WithStandardOutputPipe(PipeTarget.ToFile(compressed)).ExecuteAsync();
        return compressed;
    }

    /// <summary>Truncates a file.</summary>
    internal static void Cut(string path, long length)
    {
        using FileStream file = File.OpenWrite(path);
        file.SetLength(length);
    }
}
