using System.Text;

namespace Podspawn.Oci.ImageTests.Crafting;

/// <summary>Invalid layers, by what is wrong with them.</summary>
internal static class BrokenLayers
{
    private const string Written = "written by a layer";

    internal static IReadOnlyDictionary<string, Trick> All { get; } = new Dictionary<string, Trick>
    {
        ["a name's part that is too long"] = new(_ => One(File(new string('n', 256))), "file name too long"),
        ["a name that is too long"] = new(_ => One(File(string.Join('/', Enumerable.Repeat("directory", 500)))), "file name too long"),
        ["a link to a place that is too long"] = new(_ => One(TarEntry.Symlink("link", string.Join('/', Enumerable.Repeat("directory", 500)))), "file name too long"),
        ["an entry without a name"] = new(_ => One(File("")), "refusing to change type of root directory"),
        ["a name with a NUL"] = new(_ => One(File($"a\0b{new string('c', 120)}")), "invalid tar header"),
        ["the same name many times"] = new(_ => One([.. Enumerable.Range(0, 500).Select(i => i % 2 == 0 ? File("a") : TarEntry.Directory("a/"))])),
        ["an unknown kind of entry"] = new(_ => One(File("a") with { Type = 'Z' }), "unknown typeflag"),
        ["a sparse file as in old GNU tar"] = new(_ =>
            One(new TarEntry("sparse") { OldSparse = true, SparseSize = 8192, Sparse = [(4096, "data"u8.ToArray())] }), "unknown typeflag"),
        ["a sparse file whose parts lie outside of it"] = new(_ =>
            One(new TarEntry("sparse") { SparseSize = 10, Sparse = [(1L << 40, "data"u8.ToArray())] }), "invalid tar header"),
        ["owners that do not exist"] = new(_ => One(File("a") with { Uid = 1L << 40 })),
        ["all bits of a mode"] = new(_ => One(File("a") with { Mode = 0x1FFFFF })),
        ["attributes that cannot be set"] = new(_ => One(File("a") with { Xattrs = new Dictionary<string, byte[]> { ["no-such-namespace.x"] = [1] } })),
        ["an attribute that is too large"] = new(_ => One(File("a") with { Xattrs = new Dictionary<string, byte[]> { ["user.x"] = new byte[70000] } }), "argument list too long"),
        ["a size beyond the archive"] = new(_ => One(File("a") with { ToldSize = 1L << 40 }), "unexpected EOF"),
        ["no entries and no end"] = new(_ => [Layer() with { KeptOfArchive = 0, Compressed = false }]),
        ["a blob of no bytes that is said to be compressed"] = new(_ => [Layer() with { KeptOfBlob = 0 }], "EOF"),
        ["sizes that add up to more than numbers go"] = new(_ =>
            [Layer(Top, File("a")) with { ToldSize = long.MaxValue }, Layer(File("b")) with { ToldSize = long.MaxValue }], "the image's manifest tells of "),
        ["an archive cut off in a header"] = new(_ => [Layer(Top, File("a"), File("b")) with { KeptOfArchive = 512 + 1024 + 100 }], "unexpected EOF"),
        ["an archive cut off in a file"] = new(_ => [Layer(Top, new TarEntry("a") { Zeros = 100_000 }) with { KeptOfArchive = 60_000 }], "unexpected EOF"),
        ["an archive without its end"] = new(_ => [Layer(Top, File("a")) with { KeptOfArchive = 512 + 1024 }]),
        ["a gzip stream that is cut off"] = new(_ => [Layer(Top, new TarEntry("a") { Zeros = 100_000 }) with { KeptOfBlob = 80 }], "unexpected EOF"),
        ["a gzip stream without its checksum"] = new(_ => [Layer(Top, new TarEntry("a") { Zeros = 1000 }) with { KeptOfBlob = 60 }], "unexpected EOF"),
        ["garbage"] = new(_ => [new CraftedLayer(tar => tar.AddRaw(OrphanCollector))], "invalid tar header"),
        ["garbage that is not compressed"] = new(_ => [new CraftedLayer(tar => tar.AddRaw(OrphanCollector)) { Compressed = false }], "invalid tar header"),
        ["garbage in place of gzip"] = new(_ =>
            [new CraftedLayer(tar => tar.AddRaw(OrphanCollector)) { Compressed = false, MediaType = $"{LayoutBuilder.LayerType}+gzip" }], "gzip: invalid header"),
        ["garbage behind the end"] = new(_ => [new CraftedLayer(tar => { tar.Add(File("a")); tar.End(); tar.AddRaw(OrphanCollector); })]),
        ["an archive that is said to be compressed"] = new(_ =>
            [Layer(Top, File("a")) with { Compressed = false, MediaType = $"{LayoutBuilder.LayerType}+gzip" }], "gzip: invalid header"),
        ["an archive that is said not to be compressed"] = new(_ => [Layer(Top, File("a")) with { MediaType = LayoutBuilder.LayerType }], "unexpected EOF"),
        ["a wrong diff_id"] = new(_ => [Layer(Top, File("a")) with { ToldDiffId = $"sha256:{new string('0', 64)}" }], "diffid mismatch"),
        ["a diff_id that is none"] = new(_ => [Layer(Top, File("a")) with { ToldDiffId = "sha256:../../../canary" }], "diffid mismatch"),
        ["a wrong digest"] = new(_ => [Layer(Top, File("a")) with { ToldDigest = $"sha256:{new string('0', 64)}" }], "Digest did not match"),
        ["a size that is too small"] = new(_ => [Layer(Top, File("a")) with { ToldSize = 10 }], "the image's manifest tells of "),
        ["a size that is too large"] = new(_ => [Layer(Top, File("a")) with { ToldSize = 1 << 20 }], "the image's manifest tells of "),
        ["a size below nothing"] = new(_ => [Layer(Top, File("a")) with { ToldSize = -2 }], "the image's manifest tells of "),
        ["a layer that is missing"] = new(_ => [Layer(Top, File("a")) with { Missing = true }], "no such file or directory"),
        ["a layer that is no archive by its type"] = new(_ =>
            [Layer(Top, File("a")) with { MediaType = "application/vnd.example.model" }], "a layer is of type 'application/vnd.example.model', which is no tar archive"),
    };

    private static TarEntry Top => TarEntry.Directory("./");

    private static byte[] OrphanCollector { get; } = Encoding.ASCII.GetBytes(new string('g', 5000));

    private static TarEntry File(string name) => TarEntry.File(name, Written);

    private static CraftedLayer Layer(params TarEntry[] entries) => CraftedLayer.Of(entries);

    private static CraftedLayer[] One(params TarEntry[] entries) => [Layer([Top, .. entries])];
}
