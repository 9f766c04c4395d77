using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>The store's content is what umoci unpacks from the image, file by file.</summary>
public sealed class UnpackFidelitySpecs : IDisposable
{
    private const int SetUser = 0x800, SetGroup = 0x400, Sticky = 0x200;

    private readonly Workshop workshop = new();

    public static TheoryData<string, long, long, decimal, string> OddOwnersAndTimes => new()
    {
        { "nobody", 65534, 65534, 0, "65534:65534 time=0.000000000" },
        { "largest octal", 2097151, 2097151, 4294967295, "2097151:2097151 time=4294967295.000000000" },
        { "beyond octal", 2097152, 2000000000, 1_600_000_000, "2097152:2000000000 time=1600000000.000000000" },
        { "a nanosecond", 1, 2, 1_600_000_000.000000001m, "1:2 time=1600000000.000000001" },
        { "before 1970", 0, 0, -1, "0:0 time=-1.000000000" },
        { "far in the future", 0, 0, 9_000_000_000, "0:0 time=9000000000.000000000" },
    };

    [Fact]
    public async Task Files_and_directories_have_their_content_mode_owner_and_time()
    {
        TreeListing tree = await Same(
            TarEntry.Directory("etc/") with { Mode = 0x1C0, Uid = 12, Gid = 34, Time = 1_500_000_000.123456789m },
            TarEntry.File("etc/passwd", "root:x:0:0::/:/bin/sh\n") with { Mode = 0x100, Uid = 1000, Gid = 1001, Time = 42 },
            TarEntry.File("etc/empty"));
        Assert.Equal("directory 0700 12:34 time=1500000000.123456789", tree["etc"]);
        Assert.StartsWith("file 0400 1000:1001 time=42.000000000 size=22 ", tree["etc/passwd"], StringComparison.Ordinal);
        Assert.Contains(" size=0 ", tree["etc/empty"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Later_layers_replace_and_remove_what_earlier_ones_have()
    {
        TreeListing tree = await Same(
            new CraftedLayer[]
            {
                CraftedLayer.Of(
                    Top(), TarEntry.Directory("keep/"), TarEntry.File("keep/a", "1"), TarEntry.File("keep/b", "1"),
                    TarEntry.Directory("gone/"), TarEntry.File("gone/a", "1"), TarEntry.File("gone-file", "1"),
                    TarEntry.File("file-then-directory", "1"), TarEntry.Directory("directory-then-file/"), TarEntry.File("directory-then-file/a", "1"),
                    TarEntry.Symlink("link-then-file", "keep/a"), TarEntry.File("file-then-link", "1")),
                CraftedLayer.Of(
                    TarEntry.Directory("keep/") with { Mode = 0x1C0 }, TarEntry.File("keep/a", "second"), TarEntry.Whiteout("gone"), TarEntry.Whiteout("gone-file"),
                    TarEntry.Whiteout("never-there")) with { Compressed = false },
                CraftedLayer.Of(
                    TarEntry.Directory("file-then-directory/"), TarEntry.File("file-then-directory/a", "3"), TarEntry.File("directory-then-file", "3"),
                    TarEntry.File("link-then-file", "3"), TarEntry.Symlink("file-then-link", "keep/b"), TarEntry.File("gone-file", "back again")),
            });
        Assert.StartsWith("directory 0700 ", tree["keep"], StringComparison.Ordinal);
        Assert.Contains(" size=6 ", tree["keep/a"], StringComparison.Ordinal);
        Assert.Contains(" size=10 ", tree["gone-file"], StringComparison.Ordinal);
        Assert.Contains("file-then-directory/a", tree.Paths);
        Assert.StartsWith("file ", tree["directory-then-file"], StringComparison.Ordinal);
        Assert.StartsWith("file ", tree["link-then-file"], StringComparison.Ordinal);
        Assert.EndsWith(" -> keep/b", tree["file-then-link"], StringComparison.Ordinal);
        Assert.DoesNotContain(tree.Paths, path => path is "gone" or "gone/a" or "directory-then-file/a" || path.Contains(".wh.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_opaque_directory_keeps_only_what_its_own_layer_and_later_ones_put_there()
    {
        // The mark may come before, between or after its own layer's entries in the directory.
        TreeListing tree = await Same(
            new CraftedLayer[]
            {
                CraftedLayer.Of(Top(), TarEntry.Directory("d/"), TarEntry.File("d/old", "1"), TarEntry.Directory("d/sub/"), TarEntry.File("d/sub/old", "1"),
                    TarEntry.File("beside", "1")),
                CraftedLayer.Of(TarEntry.Directory("d/"), TarEntry.File("d/before", "2"), TarEntry.Opaque("d"), TarEntry.File("d/after", "2"), TarEntry.Directory("d/sub/"),
                    TarEntry.File("d/sub/new", "2")),
                CraftedLayer.Of(TarEntry.File("d/later", "3")),
            });
        Assert.Equal([".", "beside", "d", "d/after", "d/before", "d/later", "d/sub", "d/sub/new"], tree.Paths);
    }

    [Fact]
    public async Task Names_of_one_file_stay_names_of_one_file()
    {
        TreeListing tree = await Same(
            new CraftedLayer[]
            {
                CraftedLayer.Of(
                    Top(), TarEntry.Directory("d/"), TarEntry.File("a", "same") with { Mode = SetUser | 0x1ED }, TarEntry.HardLink("b", "a"), TarEntry.HardLink("d/c", "/b"),
                    TarEntry.Symlink("link", "nowhere"), TarEntry.HardLink("second-link", "link"), TarEntry.File("alone", "same")),
                CraftedLayer.Of(TarEntry.HardLink("d/later", "a")),
            });
        foreach (string name in new[] { "b", "d/c", "d/later" })
            Assert.EndsWith(" same-as=a", tree[name], StringComparison.Ordinal);
        Assert.EndsWith(" same-as=link", tree["second-link"], StringComparison.Ordinal);
        Assert.DoesNotContain("same-as", tree["alone"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Long_names_come_whole(bool gnu)
    {
        string part = new('n', 200), file = new('f', 255), path = $"{part}/{part}/{file}", target = $"/{new string('t', 300)}";
        TreeListing tree = await Same(
            TarEntry.Directory($"{part}/") with { GnuNames = gnu },
            TarEntry.Directory($"{part}/{part}/") with { GnuNames = gnu },
            TarEntry.File(path, "deep") with { GnuNames = gnu },
            TarEntry.HardLink(new string('h', 150), path) with { GnuNames = gnu },
            TarEntry.Symlink(new string('s', 101), target) with { GnuNames = gnu });
        Assert.EndsWith($" same-as={new string('h', 150)}", tree[path], StringComparison.Ordinal);
        Assert.EndsWith($" -> {target}", tree[new string('s', 101)], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tree_as_deep_as_paths_may_be_comes_whole()
    {
        string path = string.Join('/', Enumerable.Repeat("directory", 300));
        TreeListing tree = await Same([.. Enumerable.Range(1, 300).Select(i => TarEntry.Directory(path[..(i * 10 - 1)] + "/")), TarEntry.File($"{path}/file", "deep")]);
        Assert.Contains(" size=4 ", tree[$"{path}/file"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Special_bits_stay()
    {
        TreeListing tree = await Same(
            TarEntry.File("su", "x") with { Mode = SetUser | 0x1ED, Uid = 0 },
            TarEntry.File("su-of-another", "x") with { Mode = SetUser | SetGroup | 0x1ED, Uid = 1000, Gid = 2000 },
            TarEntry.File("nothing-allowed", "x") with { Mode = 0 },
            TarEntry.Directory("sg/") with { Mode = SetGroup | 0x1ED, Gid = 50 },
            TarEntry.Directory("tmp/") with { Mode = Sticky | 0x1FF });
        Assert.StartsWith("file 4755 0:0 ", tree["su"], StringComparison.Ordinal);
        Assert.StartsWith("file 6755 1000:2000 ", tree["su-of-another"], StringComparison.Ordinal);
        Assert.StartsWith("file 0000 ", tree["nothing-allowed"], StringComparison.Ordinal);
        Assert.StartsWith("directory 2755 0:50 ", tree["sg"], StringComparison.Ordinal);
        Assert.StartsWith("directory 1777 ", tree["tmp"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_and_pipes_are_made()
    {
        TreeListing tree = await Same(
            TarEntry.Node("null", '3', 1, 3) with { Mode = 0x1B6 }, TarEntry.Node("disk", '4', 259, 1048575) with { Mode = 0x1B0, Gid = 6 },
            TarEntry.Fifo("pipe") with { Mode = 0x180, Uid = 7 });
        Assert.Matches("^character 0666 0:0 .* device=1:3$", tree["null"]);
        Assert.Matches("^block 0660 0:6 .* device=259:1048575$", tree["disk"]);
        Assert.StartsWith("fifo 0600 7:0 ", tree["pipe"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extended_attributes_stay()
    {
        // VFS_CAP_REVISION_2 with cap_net_raw, effective (linux/capability.h).
        byte[] capability = Convert.FromHexString("0100000200200000000000000000000000000000");
        TreeListing tree = await Same(
            TarEntry.File("ping", "x") with { Mode = 0x1ED, Xattrs = new Dictionary<string, byte[]> { ["security.capability"] = capability } },
            TarEntry.File("noted", "x") with { Uid = 5, Xattrs = new Dictionary<string, byte[]> { ["user.note"] = "a\nb=c"u8.ToArray(), ["user.empty"] = [] } },
            TarEntry.Directory("d/") with { Xattrs = new Dictionary<string, byte[]> { ["trusted.note"] = [1, 2, 3] } });
        Assert.EndsWith($" security.capability={Convert.ToHexStringLower(capability)}", tree["ping"], StringComparison.Ordinal);
        Assert.Contains(" user.note=610a623d63", tree["noted"], StringComparison.Ordinal);
        Assert.EndsWith(" trusted.note=010203", tree["d"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sparse_files_have_their_holes_and_their_data()
    {
        const long Size = 40 << 20;
        TreeListing tree = await Same(new TarEntry("sparse") { SparseSize = Size, Sparse = [(4096, "begin"u8.ToArray()), (Size - 3, "end"u8.ToArray())] });
        byte[] expected = new byte[Size];
        "begin"u8.CopyTo(expected.AsSpan(4096));
        "end"u8.CopyTo(expected.AsSpan((int)Size - 3));
        Assert.EndsWith($" size={Size} sha256={Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(expected))}", tree["sparse"], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OddOwnersAndTimes))]
    public async Task Odd_owners_and_times_stay(string name, long uid, long gid, decimal time, string expected)
    {
        TreeListing tree = await Same(TarEntry.File(name, "x") with { Uid = uid, Gid = gid, Time = time });
        Assert.StartsWith($"file 0644 {expected} ", tree[name], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_any_characters_stay()
    {
        string[] names = ["naïve ☃ 漢字", "line\nbreak", "tab\tand\rreturn", " leading and trailing ", "back\\slash", "-rf", "quote'\"$(id)`", "%s%n", ".hidden", "wh.no-whiteout",
            "a:b,c=d"];
        TreeListing tree = await Same([.. names.Select(name => TarEntry.File(name, name)), new TarEntry("latin1") { NameBytes = [0x63, 0x61, 0x66, 0xE9] }]);
        Assert.Equal(names.Length + 2, tree.Paths.Count);
        foreach (string name in names)
            Assert.StartsWith("file ", tree[Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(name))], StringComparison.Ordinal);
        Assert.StartsWith("file ", tree["caf\u00e9"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_thousand_small_files_come_whole()
    {
        const int Directories = 100, FilesEach = 1000;
        byte[] content = new byte[8];
        IEnumerable<TarEntry> Entries()
        {
            yield return Top();
            for (int d = 0; d < Directories; d++)
            {
                yield return TarEntry.Directory($"d{d}/");
                for (int f = 0; f < FilesEach; f++)
                {
                    BinaryPrimitives.WriteInt64LittleEndian(content, d * FilesEach + f);
                    yield return new TarEntry($"d{d}/f{f}") { Uid = f, Content = content.ToArray() };
                }
            }
        }
        TreeListing tree = await Same([CraftedLayer.Of(Entries())]);
        Assert.Equal(1 + Directories * (1 + FilesEach), tree.Paths.Count);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $" {FilesEach - 1}:0 "), tree[$"d{Directories - 1}/f{FilesEach - 1}"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_without_layers_is_an_empty_root()
    {
        string root = await workshop.Pull(workshop.Craft(new CraftedImage()));
        Assert.Empty(Directory.GetFileSystemEntries(root));
    }

    public void Dispose() => workshop.Dispose();

    private static TarEntry Top() => TarEntry.Directory("./");

    private Task<TreeListing> Same(params TarEntry[] entries) => Same([CraftedLayer.Of([Top(), .. entries])]);

    private async Task<TreeListing> Same(CraftedLayer[] layers)
    {
        string root = await workshop.Pull(workshop.Craft(new CraftedImage(layers)));
        (bool unpacked, string byHand, string error) = await workshop.UnpackByHand();
        Assert.True(unpacked, error);
        TreeListing tree = TreeListing.Of(root);
        TreeListing.Of(byHand).AssertSame(tree);
        workshop.AssertNothingStaged();
        workshop.AssertUntouched();
        return tree;
    }
}
