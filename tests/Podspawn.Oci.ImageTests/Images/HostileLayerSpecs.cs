using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>Layers that lie or try to get out: handled as umoci does or refused with a message, and nothing beside the store is touched.</summary>
public sealed class HostileLayerSpecs : IDisposable
{
    private readonly Workshop workshop = new();

    public static TheoryData<string> Hostile => [.. HostileLayers.All.Keys];

    public static TheoryData<string> Broken => [.. BrokenLayers.All.Keys];

    [Theory]
    [MemberData(nameof(Hostile))]
    public Task No_layer_gets_out(string trick) => Try(HostileLayers.All[trick]);

    [Theory]
    [MemberData(nameof(Broken))]
    public Task A_broken_layer_does_no_harm(string trick) => Try(BrokenLayers.All[trick]);

    [Theory]
    [InlineData("a name that climbs out", "canary/written")]
    [InlineData("a link that climbs and is written through", "canary/written")]
    [InlineData("an absolute name", "etc/shadow")]
    [InlineData("a link to the root that is written through", "etc/shadow")]
    public async Task What_aims_at_the_host_lands_below_the_image_s_own_root(string trick, string path)
    {
        string root = await workshop.Pull(workshop.Craft(new CraftedImage(HostileLayers.All[trick].Layers(workshop.Canary))));
        Assert.Equal("written by a layer", await File.ReadAllTextAsync($"{root}/{path}"));
        workshop.AssertUntouched();
    }

    [Fact]
    public async Task A_refused_image_leaves_those_of_the_store_as_they_are()
    {
        string good = workshop.Craft(new CraftedImage(CraftedLayer.Of(TarEntry.Directory("./"), TarEntry.File("a", "good"))), "layout-good");
        string root = await workshop.Pull(good);
        TreeListing before = TreeListing.Of(root, watched: true);
        // The bad image has the good one's layer as well: the shared layer stays.
        string bad = workshop.Craft(new CraftedImage(
            CraftedLayer.Of(TarEntry.Directory("./"), TarEntry.File("a", "good")), CraftedLayer.Of(TarEntry.Symlink("./", workshop.Canary))), "layout-bad");
        Assert.Equal(125, (await workshop.Call("pull", "--quiet", bad)).Status);
        before.AssertSame(TreeListing.Of(root, watched: true));
        Assert.Equal(3, Directory.GetFiles($"{workshop.Store}/blobs/sha256").Length);
        Assert.Equal(root, await workshop.Pull(good));
        workshop.AssertNothingStaged();
    }

    public void Dispose() => workshop.Dispose();

    private async Task Try(Trick trick)
    {
        DateTime began = DateTime.UtcNow;
        TreeListing shadow = TreeListing.Of("/etc/shadow", watched: true);
        string image = workshop.Craft(new CraftedImage(trick.Layers(workshop.Canary)));
        Outcome pulled = await workshop.Call("pull", "--quiet", image);
        workshop.AssertUntouched();
        shadow.AssertSame(TreeListing.Of("/etc/shadow", watched: true));
        workshop.AssertNothingStaged();
        if (trick.Refused is { } words)
        {
            Messages.AssertRefusal(pulled, image, words);
            await workshop.AssertStoreIsEmpty(ofBlobsToo: true);
            return;
        }
        (bool unpacked, string byHand, string error) = await workshop.UnpackByHand();
        Assert.True(unpacked, error);
        TreeListing.Of(byHand, began: began).AssertSame(TreeListing.Of(workshop.RootOf(pulled.Succeeded().Lines.Single()), began: began));
    }
}
