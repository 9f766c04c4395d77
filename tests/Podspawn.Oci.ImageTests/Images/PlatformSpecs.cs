using System.Text.Json;
using System.Text.Json.Nodes;
using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>Which image of an index is chosen, and how one for another machine is treated.</summary>
public sealed class PlatformSpecs : IDisposable
{
    private readonly Workshop workshop = new();

    // Another machine's architecture, for which this host has no emulator.
    private static string Foreign => LayoutBuilder.HostArchitecture == "s390x" ? "ppc64le" : "s390x";

    [Theory]
    [InlineData("linux/amd64", "amd64")]
    [InlineData("linux/arm64", "arm64")]
    [InlineData("linux/arm64/v8", "arm64")]
    [InlineData("linux/arm/v6", "arm/v6")]
    [InlineData("linux/arm/v7", "arm/v7")]
    [InlineData("arm64", "arm64")]
    [InlineData("LINUX/ARM64", "arm64")]
    [InlineData("linux/aarch64", "arm64")]
    [InlineData("linux/x86_64", "amd64")]
    public async Task The_platform_picks_from_an_index(string platform, string picked)
    {
        string image = Index(nested: false, ("amd64", null), ("arm64", null), ("arm", "v6"), ("arm", "v7"));
        Assert.Equal(picked, await For(await workshop.Call("pull", "--quiet", "--platform", platform, image)));
    }

    [Fact]
    public async Task An_index_within_an_index_is_refused()
    {
        string image = Index(nested: true, (LayoutBuilder.HostArchitecture, null));
        Messages.AssertRefusal(await workshop.Call("pull", "--quiet", image), image, "an index within an index is not taken");
    }

    [Fact]
    public async Task Without_a_platform_this_host_s_is_picked() =>
        Assert.Equal(LayoutBuilder.HostArchitecture,
            await For(await workshop.Call("pull", "--quiet", Index(nested: false, (Foreign, null), (LayoutBuilder.HostArchitecture, null)))));

    [Fact]
    public async Task A_platform_that_an_index_has_not_is_refused()
    {
        string image = Index(nested: false, ("amd64", null), ("arm64", null));
        Messages.AssertRefusal(await workshop.Call("pull", "--quiet", "--platform", "linux/riscv64", image), image, "name a platform that the image has with --platform");
        await workshop.AssertStoreIsEmpty(ofBlobsToo: true);
    }

    [Fact]
    public async Task A_single_image_of_another_platform_is_pulled_but_not_run()
    {
        string image = workshop.Craft(Image(Foreign, null));
        Assert.Equal(Foreign, await For(await workshop.Call("pull", "--quiet", image)));
        using JsonDocument images = JsonDocument.Parse((await workshop.Call("images", "--format", "json")).Succeeded().Text);
        Assert.Equal($"linux/{Foreign}", images.RootElement[0].GetProperty("Podspawn").GetProperty("Platform").GetString());
        Messages.AssertRefusal(await workshop.Call("run", "--quiet", image, "sh"), image,
            $"is for linux/{Foreign}, which this host (linux/{LayoutBuilder.HostArchitecture}) cannot run");
    }

    [Fact]
    public async Task A_single_image_is_not_taken_for_a_platform_that_it_is_not_for()
    {
        string image = workshop.Craft(Image(LayoutBuilder.HostArchitecture, null));
        Messages.AssertRefusal(
            await workshop.Call("pull", "--quiet", "--platform", $"linux/{Foreign}", image), image, $"it is for linux/{LayoutBuilder.HostArchitecture}, not for linux/{Foreign}");
        await workshop.AssertStoreIsEmpty(ofBlobsToo: true);
    }

    [Fact]
    public async Task An_index_that_lies_about_a_platform_is_found_out()
    {
        var layout = new LayoutBuilder($"{workshop.Root}/layout");
        layout.WriteIndex(("image", layout.AddIndex(LayoutBuilder.For(layout.Add(Image(Foreign, null)), LayoutBuilder.HostArchitecture))));
        string image = $"oci:{layout.Root}:image";
        Messages.AssertRefusal(
            await workshop.Call("pull", "--quiet", "--platform", $"linux/{LayoutBuilder.HostArchitecture}", image), image,
                $"it is for linux/{Foreign}, not for linux/{LayoutBuilder.HostArchitecture}");
        Messages.AssertRefusal(await workshop.Call("run", "--quiet", image, "sh"), image, $"is for linux/{Foreign}, which this host");
    }

    [Fact]
    public async Task An_image_that_names_no_platform_is_taken_for_one_of_this_host_s()
    {
        string image = workshop.Craft(new CraftedImage(CraftedLayer.OfTree(Repository.Busybox)) { Architecture = null, Os = null });
        Assert.Equal("runs", (await workshop.Call("run", "--quiet", "--runtime", "runc", image, "echo", "runs")).Succeeded().Text.Trim());
        using JsonDocument images = JsonDocument.Parse((await workshop.Call("images", "--format", "json")).Succeeded().Text);
        Assert.Equal($"linux/{LayoutBuilder.HostArchitecture}", images.RootElement[0].GetProperty("Podspawn").GetProperty("Platform").GetString());
    }

    [Fact]
    public async Task An_image_of_another_system_is_not_run()
    {
        string image = workshop.Craft(Image(LayoutBuilder.HostArchitecture, null) with { Os = "windows" });
        Messages.AssertRefusal(await workshop.Call("run", "--quiet", image, "sh"), image, $"is for windows/{LayoutBuilder.HostArchitecture}, which this host");
    }

    [Fact]
    public async Task One_name_stands_for_the_platform_that_was_asked_for_last()
    {
        string image = Index(nested: false, ("amd64", null), ("arm64", null), (Foreign, null));
        foreach (string architecture in new[] { "amd64", "arm64", "amd64" })
            Assert.Equal(architecture, await For(await workshop.Call("pull", "--quiet", "--platform", architecture, image)));
        // An image that was pulled for another machine is not run in place of this host's own.
        Messages.AssertRefusal(await workshop.Call("run", "--quiet", "--platform", Foreign, image, "sh"), image, "cannot run");
    }

    [Theory]
    [InlineData("linux")]
    [InlineData("linux/")]
    [InlineData("/")]
    [InlineData("linux/amd64/v1/v2")]
    [InlineData("linux/nonsense")]
    [InlineData("windows/amd64")]
    [InlineData("linux/--help")]
    [InlineData("linux/amd64 ")]
    [InlineData("linux/\u001b[31m")]
    public async Task Unknown_words_are_refused(string platform)
    {
        Outcome outcome = await workshop.Call("pull", $"--platform={platform}", "image");
        Assert.Equal(125, outcome.Status);
        Assert.StartsWith("podspawn-oci: --platform: ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("; ", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workshop.Store));
    }

    public void Dispose() => workshop.Dispose();

    private static CraftedImage Image(string architecture, string? variant) =>
        new(CraftedLayer.Of(TarEntry.Directory("./"), TarEntry.File("for", variant is null ? architecture : $"{architecture}/{variant}"))) { Architecture = architecture,
            Variant = variant };

    private string Index(bool nested, params (string Architecture, string? Variant)[] platforms)
    {
        var layout = new LayoutBuilder($"{workshop.Root}/layout");
        JsonObject[] manifests = [.. platforms.Select(platform =>
            LayoutBuilder.For(layout.Add(Image(platform.Architecture, platform.Variant)), platform.Architecture, platform.Variant))];
        JsonObject index = layout.AddIndex(manifests);
        layout.WriteIndex(("image", nested ? layout.AddIndex(index) : index));
        return $"oci:{layout.Root}:image";
    }

    private Task<string> For(Outcome pulled) => File.ReadAllTextAsync($"{workshop.RootOf(pulled.Succeeded().Lines.Single())}/for");
}
