using System.Diagnostics;
using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>Images of a few kilobytes that occupy the unpacking tool for minutes: limited by depth, and by time.</summary>
public sealed class DeepImageSpecs : IDisposable
{
    private const int Deepest = 512;

    private readonly Workshop workshop = new();

    public static TheoryData<string> TooDeep => [.. Layers.Keys];

    private static Dictionary<string, Func<CraftedLayer>> Layers { get; } = new()
    {
        ["directories in pax records"] = () => CraftedLayer.Of(Enumerable.Range(1, 1500).Select(depth => TarEntry.Directory(Nested(depth)))),
        ["directories in GNU's long names"] = () => CraftedLayer.Of(Enumerable.Range(1, 1500).Select(depth => TarEntry.Directory(Nested(depth)) with { GnuNames = true })),
        ["one file"] = () => CraftedLayer.Of(TarEntry.File($"{Nested(Deepest)}/f")),
        ["a link"] = () => CraftedLayer.Of(TarEntry.Symlink($"{Nested(Deepest)}/f", "target")),
        ["a whiteout"] = () => CraftedLayer.Of(TarEntry.Whiteout($"{Nested(Deepest)}/f")),
        ["with empty parts and dots"] = () => CraftedLayer.Of(TarEntry.File($".//{Nested(Deepest).Replace("/", "/.//", StringComparison.Ordinal)}/f")),
        ["hidden in a directory's content, which it has not"] = () => CraftedLayer.Of(TarEntry.Directory("hollow") with { ToldSize = 1 << 20 }, TarEntry.File($"{Nested(1000)}/f")),
        ["not compressed"] = () => CraftedLayer.Of(TarEntry.File($"{Nested(1000)}/f")) with { Compressed = false },
        ["compressed by zstd"] = () => CraftedLayer.Of(TarEntry.File($"{Nested(1000)}/f")) with { Zstd = true },
    };

    [Theory]
    [MemberData(nameof(TooDeep))]
    public async Task A_path_of_too_many_parts_is_refused_at_once_and_leaves_nothing(string what)
    {
        string image = workshop.Craft(new CraftedImage(CraftedLayer.Of(TarEntry.Directory("./")), Layers[what]()));
        var watch = Stopwatch.StartNew();
        Messages.AssertRefusal(await workshop.Call("pull", "--quiet", image), image, "more than 512 parts");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), watch.Elapsed.ToString());
        await workshop.AssertStoreIsEmpty(ofBlobsToo: true);
        workshop.AssertUntouched();
    }

    [Fact]
    public async Task The_deepest_that_is_allowed_comes_whole()
    {
        string image = workshop.Craft(new CraftedImage(CraftedLayer.Of(TarEntry.Directory("./"), TarEntry.File($"{Nested(Deepest - 1)}/f", "deep"))));
        Assert.Equal("deep", File.ReadAllText($"{await workshop.Pull(image)}/{Nested(Deepest - 1)}/f"));
    }

    [Fact]
    public async Task What_takes_longer_than_allowed_is_ended_and_leaves_nothing()
    {
        // Each entry costs a look-up in two hundred directories.
        string image = workshop.Craft(new CraftedImage(CraftedLayer.Of(Enumerable.Range(0, 20_000).Select(i => TarEntry.File($"{Nested(200)}/f{i}")))));
        Messages.AssertRefusal(await workshop.Call("pull", "--quiet", "--unpack-timeout", "1", image), image, "umoci was not done after 1 s, and was ended");
        await workshop.AssertStoreIsEmpty(ofBlobsToo: true);
        Outcome none = await workshop.Call("pull", "--unpack-timeout", "0", image);
        Assert.Contains("--unpack-timeout: '0' is no time", none.Error, StringComparison.Ordinal);
    }

    public void Dispose() => workshop.Dispose();

    private static string Nested(int depth) => string.Join('/', Enumerable.Repeat("d", depth));
}
