using System.Text.Json;
using Podspawn.Oci.ImageTests.Crafting;
using Podspawn.Oci.ImageTests.Registries;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>Images come from a real registry, with the content that it has.</summary>
public sealed class RegistrySpecs : IDisposable
{
    private const string Plain = "--tls-verify=false";
    private readonly Workshop shop = new();

    public void Dispose() => shop.Dispose();

    [Theory]
    [InlineData("oci", "gzip")]
    [InlineData("oci", "zstd")]
    [InlineData("v2s2", "gzip")]
    public async Task An_image_of_any_format_runs_and_is_what_umoci_unpacks(string format, string compression)
    {
        await using LoopbackRegistry registry = await LoopbackRegistry.Start();
        string source = shop.Craft(compression == "zstd" ? Sample.Layered with { Layers = [.. Sample.Layered.Layers.Select(layer => layer with { Compressed = false })] }
            : Sample.Layered);
        await registry.Push(source, "team/tool:1", "--format", format, "--dest-compress-format", compression);
        string root = await Pull($"{registry.Host}/team/tool:1");
        (_, string byHand, _) = await shop.UnpackByHand();
        TreeListing.Of(root).AssertSame(TreeListing.Of(byHand));
        Outcome run = await shop.Call("run", "--pull=never", $"{registry.Host}/team/tool:1");
        Assert.Equal(["hello", "kept" + "data:", "kept", "", "old:", "b", "1000"], run.Succeeded().Text.Split('\n')[..^1]);
        shop.AssertNothingStaged();
    }

    [Fact]
    public async Task A_registry_with_a_certificate_is_trusted_when_it_is_named()
    {
        await using LoopbackRegistry registry = await LoopbackRegistry.Start(tls: true);
        await registry.Push(shop.Craft(Sample.Plain), "x:1");
        Outcome unknown = await shop.Call("pull", "-q", $"{registry.Host}/x:1");
        Messages.AssertRefusal(unknown, $"{registry.Host}/x:1", "--cert-dir");
        (await shop.Call("pull", "-q", "--cert-dir", registry.Trusted, $"{registry.Host}/x:1")).Succeeded();
        (await shop.Call("pull", "-q", "--tls-verify=false", $"{registry.Host}/x:1")).Succeeded();
    }

    [Fact]
    public async Task A_registry_that_asks_for_a_password_gets_the_one_of_the_auth_file()
    {
        await using LoopbackRegistry registry = await LoopbackRegistry.Start(auth: true);
        await registry.Push(shop.Craft(Sample.Plain), "x:1");
        string image = $"{registry.Host}/x:1";
        Messages.AssertRefusal(await shop.Call("pull", "-q", Plain, image), image, "--authfile");
        Messages.AssertRefusal(await shop.Call("pull", "-q", Plain, "--authfile", registry.AuthFile("wrong"), image), image, "--authfile");
        await shop.AssertStoreIsEmpty(ofBlobsToo: true);
        (await shop.Call("run", "-q", Plain, "--authfile", registry.AuthFile(LoopbackRegistry.Password), image, "true")).Succeeded();
    }

    [Fact]
    public async Task A_digest_in_the_name_is_verified()
    {
        await using LoopbackRegistry registry = await LoopbackRegistry.Start();
        await registry.Push(shop.Craft(Sample.Plain), "x:1");
        string digest = (await shop.Call("pull", "-q", Plain, $"{registry.Host}/x:1")).Succeeded().Lines.Single();
        Assert.Equal(digest, (await shop.Call("pull", "-q", Plain, $"{registry.Host}/x:ignored@{digest}")).Succeeded().Lines.Single());
        // A registry that returns another manifest for a digest than the one with that digest.
        await registry.Push(shop.Craft(Sample.Layered, "layout-other"), "x:2");
        string other = (await shop.Call("pull", "-q", Plain, $"{registry.Host}/x:2")).Succeeded().Lines.Single();
        File.Copy(registry.BlobFile(other), registry.BlobFile(digest), overwrite: true);
        using var fresh = new Workshop();
        string named = $"{registry.Host}/x@{digest}";
        Messages.AssertRefusal(await fresh.Call("pull", "-q", Plain, named), named, "skopeo");
        await fresh.AssertStoreIsEmpty(ofBlobsToo: true);
    }

    [Fact]
    public async Task What_the_policy_rejects_is_not_run_though_its_layers_are_there()
    {
        await using LoopbackRegistry registry = await LoopbackRegistry.Start();
        await registry.Push(shop.Craft(Sample.Plain), "x:1");
        string policy = $"{shop.Root}/layout-policy.json", image = $"{registry.Host}/x:1";
        File.WriteAllText(policy, """{"default":[{"type":"insecureAcceptAnything"}],"transports":{"docker":{"HOST":[{"type":"reject"}]}}}""".Replace("HOST", registry.Host,
            StringComparison.Ordinal));
        Messages.AssertRefusal(await shop.Call("pull", "-q", Plain, "--signature-policy", policy, image), image, "--signature-policy");
        await shop.AssertStoreIsEmpty(ofBlobsToo: true);
        (await shop.Call("pull", "-q", Plain, image)).Succeeded();
        Messages.AssertRefusal(await shop.Call("run", "-q", Plain, "--pull=always", "--signature-policy", policy, image, "true"), image, "--signature-policy");
    }

    [Fact]
    public async Task What_the_registry_does_not_have_is_told()
    {
        await using LoopbackRegistry registry = await LoopbackRegistry.Start();
        Messages.AssertRefusal(await shop.Call("pull", "-q", Plain, $"{registry.Host}/none:1"), $"{registry.Host}/none:1", "check the image's name and tag");
        Messages.AssertRefusal(await shop.Call("pull", "-q", $"{registry.Host}/none:1"), $"{registry.Host}/none:1", "--tls-verify=false");
        Messages.AssertRefusal(await shop.Call("pull", "-q", Plain, "127.0.0.1:1/none:1"), "127.0.0.1:1/none:1", "connection refused");
        await shop.AssertStoreIsEmpty(ofBlobsToo: true);
    }

    [Fact]
    public async Task A_tag_that_moved_is_followed_when_asked_and_the_old_image_loses_its_name()
    {
        await using LoopbackRegistry registry = await LoopbackRegistry.Start();
        string image = $"{registry.Host}/x:1";
        await registry.Push(shop.Craft(Sample.Plain), "x:1");
        string old = (await shop.Call("pull", "-q", Plain, image)).Succeeded().Lines.Single();
        await registry.Push(shop.Craft(Sample.Layered, "layout-new"), "x:1");
        (await shop.Call("run", "-q", Plain, "--entrypoint", "test", image, "!", "-e", "/data")).Succeeded();
        (await shop.Call("run", "-q", Plain, "--pull=always", "--entrypoint", "test", image, "-e", "/data/kept")).Succeeded();
        using JsonDocument images = JsonDocument.Parse((await shop.Call("images", "--format", "json")).Succeeded().Text);
        JsonElement nameless = images.RootElement.EnumerateArray().Single(entry => entry.GetProperty("Names").GetArrayLength() == 0);
        Assert.Equal(old, nameless.GetProperty("Digest").GetString());
        Assert.Contains(old.Substring(7, 12), (await shop.Call("prune")).Succeeded().Text, StringComparison.Ordinal);
        (await shop.Call("run", "-q", "--pull=never", image)).Succeeded();
    }

    [Fact]
    public async Task A_layer_that_two_images_share_is_fetched_once()
    {
        await using LoopbackRegistry registry = await LoopbackRegistry.Start();
        await using var proxy = new BlobProxy(registry);
        await registry.Push(shop.Craft(Sample.Plain), "a:1");
        await registry.Push(shop.Craft(Sample.Layered, "layout-other"), "b:1");
        await Pull($"{proxy.Host}/a:1");
        await Pull($"{proxy.Host}/b:1");
        Assert.All(proxy.Gets, get => Assert.Equal(1, get.Value));
    }

    [Fact]
    public async Task Two_launches_of_one_new_image_fetch_and_unpack_it_once()
    {
        await using LoopbackRegistry registry = await LoopbackRegistry.Start();
        await using var proxy = new BlobProxy(registry);
        await registry.Push(shop.Craft(Sample.Large(1 << 20)), "x:1");
        // Neither continues before both have begun, or before one of them is seen to wait for the other.
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        proxy.Before = _ => Task.WhenAny(both.Task, Waiting());
        Outcome[] runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => shop.Call("run", "-q", Plain, $"{proxy.Host}/x:1", "echo", $"{i}")));
        Assert.All(runs, run => run.Succeeded());
        Assert.Equal(["0", "1", "2"], runs.Select(run => run.Text.Trim()));
        Assert.All(proxy.Gets, get => Assert.Equal(1, get.Value));
        Assert.Single(Directory.GetDirectories($"{shop.Store}/roots/sha256"));
        shop.AssertNothingStaged();

        async Task Waiting()
        {
            while (Directory.GetDirectories($"{shop.Store}/staging").Length < 3)
                await Task.Delay(10);
        }
    }

    private Task<string> Pull(string image) => shop.Pull(image, Plain);
}
