using System.Text;
using CliWrap;
using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>pax's headers for all entries, as <c>git archive</c> writes them, say nothing of the tree: docker passes over them, and so do we.</summary>
public sealed class GlobalHeaderSpecs : IDisposable
{
    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    private static readonly TarEntry Global = new("pax_global_header") { Type = 'g', Content = Encoding.ASCII.GetBytes("52 comment=0123456789012345678901234567890123456789\n") };
    private static readonly TarEntry Misleading = new("pax_global_header") { Type = 'g', Content = "13 path=evil\n"u8.ToArray() };
    private static readonly TarEntry Empty = new("pax_global_header") { Type = 'g' };
    private static readonly TarEntry Nameless = new("") { Type = 'g' };
    private static readonly TarEntry Climbing = new("../../..") { Type = 'g', Content = "13 path=/etc\n"u8.ToArray() };

    public static TheoryData<string> Places => ["first", "middle", "last", "many", "long"];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task An_archive_with_one_is_imported_without_it(string place)
    {
        foreach (string? compression in new[] { null, "gzip", "zstd" })
        {
            string file = Archives.Pack(workshop, [.. With(place)]);
            string root = workshop.RootOf((await workshop.Call("import", "--quiet", compression is null ? file : await Archives.Compress(file, compression))).Succeeded().Lines.Single());
            AssertTree(root);
        }
        workshop.AssertUntouched();
    }

    [Fact]
    public async Task What_git_archives_is_imported_from_a_pipe()
    {
        string tree = $"{workshop.Root}/layout-git";
        Directory.CreateDirectory(tree);
        File.WriteAllText($"{tree}/file", "kept\n");
        Tool.Run("git", "-C", tree, "init", "--quiet");
        Tool.Run("git", "-C", tree, "add", "file");
        Tool.Run("git", "-C", tree, "-c", "user.name=n", "-c", "user.email=n@example.org", "commit", "--quiet", "-m", "one");
        Outcome archive = Tool.Try("git", "-C", tree, "archive", "HEAD");
        Assert.Contains("pax_global_header", Encoding.ASCII.GetString(archive.Output), StringComparison.Ordinal);
        Outcome imported = await PodspawnOci.Call(["import", "--data-root", workshop.Store, "--quiet", "-", "git:1"], PipeSource.FromBytes(archive.Output));
        string root = workshop.RootOf(imported.Succeeded().Lines.Single());
        Assert.Equal(["file"], Directory.GetFileSystemEntries(root).Select(path => Path.GetFileName(path)));
        Assert.Equal("kept\n", File.ReadAllText($"{root}/file"));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_layer_with_one_is_unpacked_without_it_and_the_image_keeps_its_digest(string place)
    {
        string plain = await workshop.Pull(workshop.Craft(new CraftedImage(CraftedLayer.Of(With("nowhere"))), "layout-plain"));
        foreach (bool compressed in new[] { true, false })
        {
            string image = workshop.Craft(new CraftedImage(
                CraftedLayer.Of(TarEntry.File("below", "b\n"), TarEntry.File("gone")), CraftedLayer.Of([.. With(place), TarEntry.Whiteout("gone")]) with { Compressed = compressed }),
                $"layout-{place}-{compressed}");
            string root = await workshop.Pull(image);
            Assert.Equal("b\n", File.ReadAllText($"{root}/below"));
            Assert.False(File.Exists($"{root}/gone"));
            File.Delete($"{root}/below");
            AssertTree(root);
        }
        AssertTree(plain);
        workshop.AssertNothingStaged();
        workshop.AssertUntouched();
    }

    [Fact]
    public async Task A_layer_with_one_that_is_not_what_its_digest_says_is_refused()
    {
        string image = workshop.Craft(new CraftedImage(CraftedLayer.Of(With("first")) with { ToldDiffId = $"sha256:{new string('0', 64)}" }));
        Outcome outcome = await workshop.Call("pull", "--quiet", image);
        Assert.NotEqual(0, outcome.Status);
        Assert.Contains("is not what its digest says", outcome.Error, StringComparison.Ordinal);
        await workshop.AssertStoreIsEmpty(ofBlobsToo: true);
    }

    [Fact]
    public async Task The_size_limit_holds_for_such_a_layer()
    {
        string image = workshop.Craft(new CraftedImage(CraftedLayer.Of(Global, new TarEntry("zeros") { Zeros = 64 << 20 })));
        Outcome outcome = await workshop.Call("pull", "--quiet", "--max-size", "8m", image);
        Assert.NotEqual(0, outcome.Status);
        Assert.Contains("--max-size", outcome.Error, StringComparison.Ordinal);
        await workshop.AssertStoreIsEmpty(ofBlobsToo: true);
    }

    // The content of a file may look like such a header.
    private static TarEntry[] With(string place)
    {
        TarEntry[] tree = [TarEntry.Directory("dir/"), TarEntry.File("dir/file", "kept\n"), new(new string('l', 120)) { Content = "long\n"u8.ToArray() },
            new("looks") { Content = Bytes(Global) }];
        return place switch
        {
            "first" => [Global, .. tree],
            "middle" => [tree[0], Global, .. tree[1..]],
            "last" => [.. tree, Global],
            "many" => [Empty, Global, Misleading, tree[0], Nameless, tree[1], Climbing, tree[2], Misleading, tree[3], Global],
            "long" => [new("g") { Type = 'g', Content = Encoding.ASCII.GetBytes($"{(2 << 20) + 17} comment={new string('c', 2 << 20)}\n") }, .. tree],
            _ => tree,
        };
    }

    private static void AssertTree(string root)
    {
        Assert.Equal(["dir", new string('l', 120), "looks"], Directory.GetFileSystemEntries(root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal("kept\n", File.ReadAllText($"{root}/dir/file"));
        Assert.Equal(Bytes(Global), File.ReadAllBytes($"{root}/looks"));
    }

    private static byte[] Bytes(TarEntry entry)
    {
        using var bytes = new MemoryStream();
        new TarWriter(bytes).Add(entry);
        return bytes.ToArray();
    }
}
