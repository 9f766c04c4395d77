using System.Text.Json.Nodes;
using Podspawn.Oci.ImageTests.Crafting;
using Podspawn.Oci.ImageTests.Registries;

namespace Podspawn.Oci.ImageTests.State;

/// <summary>An image store that containers of several state directories run from, and an image that poses as one of our programs.</summary>
public sealed class NeighbourSpecs : IDisposable
{
    private readonly Workshop shop = new();

    public void Dispose() => shop.Dispose();

    [Fact]
    public async Task An_image_that_a_container_of_another_state_directory_has_is_not_removed()
    {
        string image = shop.Craft(Sample.Plain);
        string root = await shop.Pull(image);
        string id = (await shop.Call("create", "--quiet", "--runtime", "runc", image, "true")).Succeeded().Lines.Single();
        try
        {
            await using MountNamespace other = await MountNamespace.Enter();
            (await other.Run("mount", "-t", "tmpfs", "-o", "mode=700", "tmpfs", "/run/podspawn-oci")).Succeeded();
            Outcome refused = await other.Run(Repository.Command, "rmi", "--data-root", shop.Store, image);
            Assert.NotEqual(0, refused.Status);
            Assert.Contains($"is used by the container {id} of another state directory", refused.Error, StringComparison.Ordinal);
            (await other.Run(Repository.Command, "prune", "--images", "--all", "--data-root", shop.Store)).Succeeded();
            Assert.True(Directory.Exists(root));
            (await PodspawnOci.Call(["start", id])).Succeeded();
        }
        finally
        {
            (await PodspawnOci.Call(["rm", "--force", id])).Succeeded();
        }
        (await shop.Call("rmi", image)).Succeeded();
        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public async Task A_container_that_has_the_same_image_from_another_store_keeps_that_stores_image_alone()
    {
        using var neighbour = new Workshop();
        string theirs = neighbour.Craft(Sample.Plain), ours = shop.Craft(Sample.Plain);
        string kept = await neighbour.Pull(theirs), root = await shop.Pull(ours);
        string id = (await neighbour.Call("create", "--quiet", "--runtime", "runc", theirs, "true")).Succeeded().Lines.Single();
        try
        {
            Assert.DoesNotContain(id, (await shop.Call("images", "--format", "json")).Succeeded().Text, StringComparison.Ordinal);
            (await shop.Call("rmi", ours)).Succeeded();
            Assert.False(Directory.Exists(root));
            Assert.Contains($"is used by the container {id}", (await neighbour.Call("rmi", theirs)).Error, StringComparison.Ordinal);
            Assert.True(Directory.Exists(kept));
        }
        finally
        {
            (await PodspawnOci.Call(["rm", "--force", id])).Succeeded();
        }
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task An_image_that_sets_our_own_mark_runs_without_it_and_a_note_says_so(string runtime)
    {
        const string Mark = "PODSPAWN_OCI_CONTAINER";
        string image = shop.Craft(Sample.Plain with { Config = JsonNode.Parse($$"""{"Env":["A=1","{{Mark}}=/run/podspawn-oci/containers/x","PODSPAWN_OCI_STAGING="]}""") });
        Outcome ran = (await shop.Call("run", "--runtime", runtime, image, "env")).Succeeded();
        Assert.Contains("A=1\n", ran.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("PODSPAWN_OCI", ran.Text, StringComparison.Ordinal);
        Assert.Contains($"image.env: {Mark} is podspawn-oci's own mark", ran.Error, StringComparison.Ordinal);
    }
}
