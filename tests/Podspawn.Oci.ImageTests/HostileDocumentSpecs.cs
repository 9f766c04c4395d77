using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests;

/// <summary>Configurations and manifests that are not what they should be: read as far as they make sense, or refused in words.</summary>
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
            // What skopeo had whole when it failed is kept: another try need not fetch it again.
            await workshop.AssertStoreIsEmpty(ofBlobsToo: !pulled.Error.Contains(": skopeo: ", StringComparison.Ordinal));
            return;
        }
        Assert.Equal("content", await File.ReadAllTextAsync($"{workshop.RootOf(pulled.Succeeded().Lines.Single())}/a"));
    }

    public void Dispose() => workshop.Dispose();
}
