using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;

namespace Podspawn.Oci.ImageTests.Crafting;

/// <summary>A directory for one test: layouts, a store, trees that were unpacked by hand, and files beside all of it that must stay untouched.</summary>
internal sealed class Workshop : IDisposable
{
    private readonly TreeListing untouched;
    private readonly bool mounted;

    /// <summary>Creates the directory.</summary>
    /// <param name="storeOptions">The options of a tmpfs for the store; null for a directory.</param>
    internal Workshop(string? storeOptions = null)
    {
        Root = Directory.CreateTempSubdirectory("podspawn-images-").FullName;
        Directory.CreateDirectory($"{Root}/canary/deep");
        foreach (string name in new[] { "secret", "deep/secret", "written", "etc/shadow" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName($"{Root}/canary/{name}")!);
            File.WriteAllText($"{Root}/canary/{name}", "nobody writes here");
        }
        if (storeOptions is not null)
        {
            Directory.CreateDirectory(Store);
            Tool.Run("mount", "-t", "tmpfs", "-o", storeOptions, "tmpfs", Store);
            mounted = true;
        }
        untouched = TreeListing.Of(Canary, watched: true);
    }

    internal string Root { get; }

    internal string Store => $"{Root}/store";

    /// <summary>The directory beside the store that must stay untouched.</summary>
    internal string Canary => $"{Root}/canary";

    /// <summary>Creates a layout with one image.</summary>
    /// <returns>Its name.</returns>
    internal string Craft(CraftedImage image, string name = "layout") => LayoutBuilder.Make($"{Root}/{name}", image);

    /// <summary>Calls a verb with this store.</summary>
    internal Task<Outcome> Call(string verb, params IEnumerable<string> arguments) => PodspawnOci.Call([verb, "--data-root", Store, .. arguments]);

    /// <summary>The path where the store has the image with this digest unpacked.</summary>
    internal string RootOf(string digest) => $"{Store}/roots/sha256/{digest.Split(':')[1]}/rootfs";

    /// <summary>Pulls an image that is usable.</summary>
    /// <returns>Its root filesystem.</returns>
    internal async Task<string> Pull(string image, params string[] flags) => RootOf((await Call("pull", ["--quiet", .. flags, image])).Succeeded().Lines.Single());

    /// <summary>Unpacks a layout's image by hand.</summary>
    internal async Task<(bool Unpacked, string Root, string Error)> UnpackByHand(string layout = "layout")
    {
        string bundle = $"{Root}/by-hand-{Guid.NewGuid():N}/bundle";
        Directory.CreateDirectory(Path.GetDirectoryName(bundle)!);
        BufferedCommandResult result = await Cli.Wrap("umoci").WithArguments(["unpack", "--image", $"{Root}/{layout}:image", bundle])
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        return (result.ExitCode == 0, $"{bundle}/rootfs", result.StandardError);
    }

    /// <summary>Asserts that the store is like one that has never had an image, and lists none.</summary>
    internal async Task AssertStoreIsEmpty(bool ofBlobsToo = false)
    {
        string[] parts = ofBlobsToo ? ["roots/sha256", "staging", "blobs/sha256"] : ["roots/sha256", "staging"];
        Assert.Empty(parts.Select(part => $"{Store}/{part}").Where(Directory.Exists).SelectMany(Directory.GetFileSystemEntries));
        using JsonDocument images = JsonDocument.Parse((await Call("images", "--format", "json")).Succeeded().Text);
        Assert.Equal(0, images.RootElement.GetArrayLength());
    }

    /// <summary>Asserts that no work in progress is left.</summary>
    internal void AssertNothingStaged() => Assert.Empty(Directory.GetFileSystemEntries($"{Store}/staging"));

    /// <summary>Asserts that nothing beside the store was touched, however briefly.</summary>
    internal void AssertUntouched()
    {
        untouched.AssertSame(TreeListing.Of(Canary, watched: true));
        string[] made = [.. Directory.GetFileSystemEntries(Root).Select(path => Path.GetFileName(path))
            .Where(name => !name.StartsWith("by-hand-", StringComparison.Ordinal) && !name.StartsWith("layout", StringComparison.Ordinal))];
        Assert.Equal(["canary", "store"], made.Order());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (mounted)
            Tool.Run("umount", "--lazy", Store);
        // The trees contain names that .NET cannot represent.
        Tool.Run("rm", "-rf", "--one-file-system", "--", Root);
    }
}
