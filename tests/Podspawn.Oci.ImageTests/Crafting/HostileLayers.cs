namespace Podspawn.Oci.ImageTests.Crafting;

/// <summary>An attempt by means of an image's layers.</summary>
/// <param name="Layers">The layers; the function gets the directory beside the store that they aim at.</param>
/// <param name="Refused">The expected message; null where umoci accepts the layers, and does no harm.</param>
internal sealed record Trick(Func<string, CraftedLayer[]> Layers, string? Refused = null);

/// <summary>Layers that try to get out of the directory that they are unpacked to, by what they try.</summary>
internal static class HostileLayers
{
    private const string Written = "written by a layer";

    // From a root filesystem in the store, in its staging directory, or unpacked by hand, up to what lies beside all of them.
    private static readonly string[] Ups = [.. Enumerable.Range(1, 8).Select(depth => string.Concat(Enumerable.Repeat("../", depth)))];

    internal static IReadOnlyDictionary<string, Trick> All { get; } = new Dictionary<string, Trick>
    {
        ["a name that climbs out"] = new(_ => One([.. Ups.Select(up => File($"{up}canary/written"))])),
        ["a name that climbs out of a directory"] = new(_ => One([TarEntry.Directory("d/"), .. Ups.Select(up => File($"d/{up}canary/written"))])),
        ["a name in a pax record that climbs out"] = new(_ => One([.. Ups.Select(up => File($"{up}{string.Concat(Enumerable.Repeat("./", 60))}canary/written"))])),
        ["a directory that climbs out"] = new(_ => One([.. Ups.Select(up => TarEntry.Directory($"{up}canary/", 0x1FF))])),
        ["an absolute name"] = new(canary => One(File($"{canary}/written"), File("/etc/shadow"))),
        ["a link to the root that is written through"] = new(canary => One(TarEntry.Symlink("link", "/"), File($"link{canary}/written"), File("link/etc/shadow"))),
        ["a link to a directory that is written through"] = new(canary => One(TarEntry.Symlink("link", canary), File("link/written"), File("link/secret"))),
        ["a link that climbs and is written through"] = new(_ =>
            One([.. Ups.SelectMany((up, i) => new[] { TarEntry.Symlink($"link{i}", $"{up}canary"), File($"link{i}/written") })])),
        ["a chain of links that is written through"] = new(canary => One(
            TarEntry.Symlink("a", "b"), TarEntry.Symlink("b", "c/../d"), TarEntry.Directory("c/"), TarEntry.Symlink("d", canary), File("a/written"))),
        ["a link of an earlier layer that is written through"] = new(canary => [Layer(Top, TarEntry.Symlink("link", canary)), Layer(File("link/written"))]),
        ["a link to a file that is overwritten"] = new(canary => [Layer(Top, TarEntry.Symlink("link", $"{canary}/secret")), Layer(File("link"))]),
        ["a link that is followed by a directory of its name"] = new(canary =>
            One(TarEntry.Symlink("link", canary), TarEntry.Directory("link/", 0x1FF) with { Uid = 1000, Time = 1 })),
        ["a link in a link's place"] = new(canary => One(TarEntry.Symlink("link", canary), TarEntry.Symlink("link", "/etc"), TarEntry.Symlink("link/inner", canary))),
        ["a link with an owner, a mode, a time and attributes"] = new(canary => One(TarEntry.Symlink("link", $"{canary}/secret") with
        {
            Uid = 1000,
            Mode = 0x1FF,
            Time = 5,
            Xattrs = new Dictionary<string, byte[]> { ["user.note"] = [1] },
        }), "operation not permitted"),
        ["links in a circle"] = new(_ => One(TarEntry.Symlink("a", "b"), TarEntry.Symlink("b", "a"), File("a/written")), "too many levels of symbolic links"),
        ["a hard link to /etc/shadow"] = new(_ => One(TarEntry.HardLink("shadow", "/etc/shadow")), "no such file or directory"),
        ["a hard link to what is beside the store"] = new(canary => One(TarEntry.HardLink("hard", $"{canary}/secret")), "no such file or directory"),
        ["a hard link that climbs out"] = new(_ => One([.. Ups.Select((up, i) => TarEntry.HardLink($"hard{i}", $"{up}canary/secret"))]), "no such file or directory"),
        ["a hard link through a link"] = new(canary => One(TarEntry.Symlink("link", canary), TarEntry.HardLink("hard", "link/secret"), File("hard")), "no such file or directory"),
        ["a hard link to a link, which is then overwritten"] = new(canary => One(TarEntry.Symlink("link", $"{canary}/secret"), TarEntry.HardLink("hard", "link"), File("hard"))),
        ["a hard link to a directory"] = new(_ => One(TarEntry.Directory("d/"), TarEntry.HardLink("hard", "d")), "operation not permitted"),
        ["a hard link to itself"] = new(_ => One(TarEntry.HardLink("hard", "hard")), "no such file or directory"),
        ["a whiteout through a link"] = new(canary => [Layer(Top, TarEntry.Symlink("link", canary)), Layer(TarEntry.Whiteout("link/secret"), TarEntry.Whiteout("link/deep"))]),
        ["an opaque directory through a link"] = new(canary => [Layer(Top, TarEntry.Symlink("link", canary)), Layer(TarEntry.Opaque("link"))]),
        ["a whiteout of a link"] = new(canary => [Layer(Top, TarEntry.Symlink("link", canary)), Layer(TarEntry.Whiteout("link"))]),
        ["a whiteout that climbs out"] = new(_ => [Layer(Top, TarEntry.Directory("d/")), Layer([.. Ups.Select(up => TarEntry.Whiteout($"{up}canary/secret"))])]),
        ["a whiteout of the parent"] = new(_ =>
            [Layer(Top, TarEntry.Directory("d/"), File("d/a")), Layer(new TarEntry("d/.wh...")), Layer(File("later"))], "no such file or directory"),
        ["a whiteout of the root's parent"] = new(_ => [Layer(Top, File("a")), Layer(new TarEntry(".wh...")), Layer(File("later"))], "no such file or directory"),
        ["a whiteout of the directory itself"] = new(_ => [Layer(Top, TarEntry.Directory("d/"), File("d/a")), Layer(new TarEntry("d/.wh.."))], "no such file or directory"),
        ["a whiteout of the root"] = new(_ => [Layer(Top, File("a")), Layer(new TarEntry(".wh.."))], "no such file or directory"),
        ["a whiteout without a name"] = new(_ => [Layer(Top, TarEntry.Directory("d/"), File("d/a")), Layer(new TarEntry("d/.wh."))], "no such file or directory"),
        ["a whiteout that is a link"] = new(canary => [Layer(Top, File("a")), Layer(TarEntry.Symlink(".wh.a", canary))]),
        ["a directory that a later layer makes a link, and a third writes through"] = new(canary =>
            [Layer(Top, TarEntry.Directory("d/"), File("d/a")), Layer(TarEntry.Symlink("d", canary)), Layer(File("d/written"), TarEntry.Directory("d/deep/", 0x1FF))]),
        ["a root that is a link"] = new(canary => [Layer(TarEntry.Symlink("./", canary)), Layer(File("written"))], "refusing to change type of root directory"),
        ["a root that is a link by another name"] = new(canary => [Layer(TarEntry.Symlink("/", canary)), Layer(File("written"))], "refusing to change type of root directory"),
        ["a root that is a file"] = new(_ => One(new TarEntry(".") { Content = "x"u8.ToArray() }), "refusing to change type of root directory"),
        ["a root that is a hard link"] = new(canary => One(TarEntry.HardLink("/", canary)), "refusing to change type of root directory"),
        ["a root that is a pipe"] = new(_ => One(TarEntry.Fifo("../")), "refusing to change type of root directory"),
        ["a device over a file"] = new(_ => [Layer(Top, File("a")), Layer(TarEntry.Node("a", '3', 1, 3))]),
        ["a file over a device"] = new(_ => [Layer(Top, TarEntry.Node("a", '3', 1, 7)), Layer(File("a"))]),
        ["a file over a pipe"] = new(_ => [Layer(Top, TarEntry.Fifo("a")), Layer(File("a"))]),
        ["a file below a device"] = new(_ => One(TarEntry.Node("a", '3', 1, 3), File("a/written")), "not a directory"),
        ["a file below a file"] = new(_ => One(File("a"), File("a/written")), "not a directory"),
    };

    private static TarEntry Top => TarEntry.Directory("./");

    private static TarEntry File(string name) => TarEntry.File(name, Written);

    private static CraftedLayer Layer(params TarEntry[] entries) => CraftedLayer.Of(entries);

    private static CraftedLayer[] One(params TarEntry[] entries) => [Layer([Top, .. entries])];
}
