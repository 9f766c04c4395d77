using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>Invalid configurations and manifests: read as far as they make sense, or refused with a message.</summary>
public sealed class HostileDocumentSpecs : IDisposable
{
    private readonly Workshop workshop = new();

    public static TheoryData<string> All => [.. HostileDocuments.All.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_strange_document_does_no_harm(string what)
    {
        (CraftedImage crafted, string? refused) = HostileDocuments.All[what];
        string image = workshop.Craft(crafted);
        Outcome pulled = await workshop.Call("pull", "--quiet", image);
        workshop.AssertUntouched();
        workshop.AssertNothingStaged();
        if (refused is { } words)
        {
            Messages.AssertRefusal(pulled, image, words);
            // Blobs that skopeo had complete when it failed stay: another attempt need not fetch them again.
            await workshop.AssertStoreIsEmpty(ofBlobsToo: !pulled.Error.Contains(": skopeo: ", StringComparison.Ordinal));
            return;
        }
        Assert.Equal("content", await File.ReadAllTextAsync($"{workshop.RootOf(pulled.Succeeded().Lines.Single())}/a"));
    }

    /// <summary>The part of a layout that is a link; "" for the manifest's blob.</summary>
    public static TheoryData<string> Linked => ["oci-layout", "index.json", "blobs", "blobs/sha256", ""];

    [Theory]
    [MemberData(nameof(Linked))]
    public async Task A_layout_with_a_link_in_it_is_not_followed_to_the_host(string what)
    {
        string image = workshop.Craft(new CraftedImage(CraftedLayer.Of(TarEntry.File("a", "content"))));
        string layout = $"{workshop.Root}/layout";
        string linked = what.Length > 0 ? $"{layout}/{what}" : Directory.GetFiles($"{layout}/blobs/sha256").Order().First();
        // The target itself is valid: the only fault is that it is a link.
        string elsewhere = $"{workshop.Root}/layout-elsewhere";
        Directory.Move(linked, elsewhere);
        File.CreateSymbolicLink(linked, elsewhere);
        Messages.AssertRefusal(await workshop.Call("pull", "--quiet", image), image, $"{linked} is a symbolic link");
        // A link without a target is one as well.
        File.Delete(linked);
        File.CreateSymbolicLink(linked, $"{workshop.Root}/layout-nowhere");
        Messages.AssertRefusal(await workshop.Call("run", "--quiet", image, "true"), image, $"{linked} is a symbolic link");
    }

    [Fact]
    public async Task The_index_of_an_image_in_the_store_is_not_read_through_a_link()
    {
        string image = workshop.Craft(new CraftedImage(CraftedLayer.OfTree(Repository.Busybox)));
        await workshop.Pull(image);
        string index = $"{workshop.Root}/layout/index.json";
        File.Move(index, $"{workshop.Root}/layout-index.json");
        File.CreateSymbolicLink(index, $"{workshop.Root}/layout-index.json");
        Messages.AssertRefusal(await workshop.Call("run", "--quiet", image, "true"), image, $"{index} is a symbolic link");
    }

    public void Dispose() => workshop.Dispose();
}
