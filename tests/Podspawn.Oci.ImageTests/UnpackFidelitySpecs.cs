using System.Text;
using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests;

/// <summary>What the store has is what umoci makes of the image, file by file.</summary>
public sealed class UnpackFidelitySpecs : IDisposable
{
    private const int SetUser = 0x800, SetGroup = 0x400, Sticky = 0x200;

    private readonly Workshop workshop = new();

    [Fact]
    public async Task Files_and_directories_have_their_content_mode_owner_and_time()
    {
        TreeListing tree = await Same(new CraftedImage(CraftedLayer.Of(
            Top(),
            TarEntry.Directory("etc/") with { Mode = 0x1C0, Uid = 12, Gid = 34, Time = 1_500_000_000.123456789m },
            TarEntry.File("etc/passwd", "root:x:0:0::/:/bin/sh\n") with { Mode = 0x100, Uid = 1000, Gid = 1001, Time = 42 },
            TarEntry.File("etc/empty"))));
        Assert.Equal("directory 0700 12:34 time=1500000000.123456789", tree["etc"]);
        Assert.StartsWith("file 0400 1000:1001 time=42.000000000 size=22 ", tree["etc/passwd"], StringComparison.Ordinal);
        Assert.Contains(" size=0 ", tree["etc/empty"], StringComparison.Ordinal);
    }

    public void Dispose() => workshop.Dispose();

    private static TarEntry Top() => TarEntry.Directory("./");

    private async Task<TreeListing> Same(CraftedImage image)
    {
        string root = await workshop.Pull(workshop.Craft(image));
        (bool unpacked, string byHand, string error) = await workshop.UnpackByHand();
        Assert.True(unpacked, error);
        TreeListing tree = TreeListing.Of(root);
        TreeListing.Of(byHand).AssertSame(tree);
        workshop.AssertNothingStaged();
        workshop.AssertUntouched();
        return tree;
    }
}
