using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>
/// Small images that become large are ended at --max-size. The store lies on a small filesystem, which would be full if the limit did not apply
/// first, and the message would say so.
/// </summary>
public sealed class BombSpecs : IDisposable
{
    private const long Gigabyte = 1L << 30;

    // The limit is 64 MiB, or 16,384 files; what is written until the next check must fit as well.
    private readonly Workshop workshop = new("size=600m,nr_inodes=150000,mode=0700");

    public static TheoryData<string> Bombs => [.. Layers.Keys];

    private static Dictionary<string, Func<CraftedLayer>> Layers { get; } = new()
    {
        ["one large file"] = () => CraftedLayer.Of(Top, new TarEntry("zeros") { Zeros = Gigabyte }),
        ["one large file, compressed by zstd"] = () => CraftedLayer.Of(Top, new TarEntry("zeros") { Zeros = Gigabyte }) with { Zstd = true },
        ["a sparse file"] = () => CraftedLayer.Of(Top, new TarEntry("sparse") { SparseSize = 1024 * Gigabyte, Sparse = [(0, "data"u8.ToArray())] }),
        ["a sparse file of exabytes"] = () => CraftedLayer.Of(Top, new TarEntry("sparse") { SparseSize = long.MaxValue, Sparse = [(0, "data"u8.ToArray())] }),
        ["many empty files"] = () => CraftedLayer.Of(Many(i => TarEntry.File($"f{i}"))),
        ["many directories"] = () => CraftedLayer.Of(Many(i => TarEntry.Directory($"d{i}/"))),
        ["many links"] = () => CraftedLayer.Of(Many(i => TarEntry.Symlink($"l{i}", "target"))),
        ["many small files"] = () => CraftedLayer.Of(Many(i => TarEntry.File($"f{i}", "x"))),
        ["the same file again and again"] = () => CraftedLayer.Of(Many(_ => new TarEntry("same") { Zeros = 1 << 20 }, 1000)),
    };

    private static TarEntry Top => TarEntry.Directory("./");

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task It_ends_at_the_limit_and_leaves_nothing(string bomb)
    {
        string image = workshop.Craft(new CraftedImage(Layers[bomb]()));
        Messages.AssertRefusal(await workshop.Call("pull", "--quiet", "--max-size", "64m", image), image, "the image is larger than 67.1MB, and umoci was ended");
        await workshop.AssertStoreIsEmpty(ofBlobsToo: true);
        workshop.AssertUntouched();
    }

    [Fact]
    public async Task A_launch_of_one_ends_as_well()
    {
        string image = workshop.Craft(new CraftedImage(Layers["one large file"]()));
        Messages.AssertRefusal(await workshop.Call("run", "--quiet", "--max-size", "64m", image, "sh"), image, "--max-size");
        await workshop.AssertStoreIsEmpty(ofBlobsToo: true);
    }

    [Fact]
    public async Task A_layer_that_is_large_itself_ends_while_it_is_fetched()
    {
        string image = workshop.Craft(new CraftedImage(Layers["one large file"]() with { Compressed = false }));
        Messages.AssertRefusal(await workshop.Call("pull", "--quiet", "--max-size", "64m", image), image, "the image is larger than 67.1MB, and skopeo was ended");
        await workshop.AssertStoreIsEmpty(ofBlobsToo: true);
    }

    [Fact]
    public async Task Many_layers_count_together()
    {
        CraftedLayer[] layers = [.. Enumerable.Range(0, 20).Select(i => CraftedLayer.Of(Top, new TarEntry($"f{i}") { Zeros = 8 << 20 }))];
        string image = workshop.Craft(new CraftedImage(layers));
        Messages.AssertRefusal(await workshop.Call("pull", "--quiet", "--max-size", "64m", image), image, "--max-size");
        await workshop.AssertStoreIsEmpty(ofBlobsToo: true);
    }

    [Fact]
    public async Task What_is_just_below_the_limit_comes_whole()
    {
        string image = workshop.Craft(new CraftedImage(CraftedLayer.Of(Top, new TarEntry("zeros") { Zeros = 60 << 20 })));
        string root = RootOf(await workshop.Call("pull", "--quiet", "--max-size", "64m", image));
        Assert.Equal(60 << 20, new FileInfo($"{root}/zeros").Length);
    }

    [Fact]
    public async Task A_larger_limit_lets_the_same_image_in_afterwards()
    {
        string image = workshop.Craft(new CraftedImage(CraftedLayer.Of(Top, new TarEntry("zeros") { Zeros = 200 << 20 })));
        Messages.AssertRefusal(await workshop.Call("pull", "--quiet", "--max-size", "64m", image), image, "--max-size");
        string root = RootOf(await workshop.Call("pull", "--quiet", "--max-size", "300m", image));
        Assert.Equal(200 << 20, new FileInfo($"{root}/zeros").Length);
        workshop.AssertNothingStaged();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("much")]
    [InlineData("99999999999999999999g")]
    public async Task A_limit_that_is_none_is_refused(string limit)
    {
        Outcome outcome = await workshop.Call("pull", $"--max-size={limit}", "image");
        Assert.Equal(125, outcome.Status);
        Assert.StartsWith($"podspawn-oci: --max-size: '{limit}' is no size; ", outcome.Error, StringComparison.Ordinal);
    }

    public void Dispose() => workshop.Dispose();

    private static IEnumerable<TarEntry> Many(Func<int, TarEntry> entry, int count = 300_000) => Enumerable.Range(0, count).Select(entry).Prepend(Top);

    private string RootOf(Outcome pulled) => workshop.RootOf(pulled.Succeeded().Lines.Single());
}
