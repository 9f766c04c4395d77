using System.Text.Json.Nodes;
using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>Layers that an image only tells of are not fetched, and the reason is told.</summary>
public sealed class ForeignLayerSpecs : IDisposable
{
    private readonly Workshop shop = new();

    public void Dispose() => shop.Dispose();

    [Theory]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", true)]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", false)]
    public async Task A_foreign_layer_is_named_with_its_place(string type, bool missing)
    {
        string image = shop.Craft(new CraftedImage(
            CraftedLayer.OfTree(Repository.Busybox), CraftedLayer.Of(TarEntry.File("x", "y")) with { MediaType = type, Missing = missing })
        {
            ChangeManifest = manifest => manifest["layers"]![1]!["urls"] = new JsonArray("https://layers.invalid/x\u001b[2J"),
        });
        Outcome refused = await shop.Call("pull", "-q", image);
        Messages.AssertRefusal(refused, image, "is a foreign one");
        Assert.Contains("offers it at https://layers.invalid/x\\u001b[2J", refused.Error, StringComparison.Ordinal);
        await shop.AssertStoreIsEmpty(ofBlobsToo: true);
    }
}
