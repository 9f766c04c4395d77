using System.Diagnostics;
using Podspawn.Oci.ImageTests.Crafting;
using Podspawn.Oci.ImageTests.Registries;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>The tools' temporary files lie in the store's staging directory, whatever ends the tools: by default skopeo unpacks an archive to /var/tmp.</summary>
public sealed class TemporaryFilesSpecs : IDisposable
{
    private const int SIGKILL = 9;
    private readonly Workshop shop = new();
    private readonly string[] before = Outside();

    public void Dispose() => shop.Dispose();

    [Fact]
    public async Task A_refusal_leaves_none()
    {
        string archive = await Archive(32 << 20);
        Messages.AssertRefusal(await shop.Call("pull", "-q", "--max-size", "8m", archive), archive, "the image is larger than 8.39MB, and skopeo was ended");
        Assert.Equal(before, Outside());
        await shop.AssertStoreIsEmpty(ofBlobsToo: true);
    }

    [Fact]
    public async Task A_fetch_that_succeeds_leaves_none()
    {
        (await shop.Call("pull", "-q", await Archive(1 << 20))).Succeeded();
        Assert.Equal(before, Outside());
        shop.AssertNothingStaged();
    }

    [Fact]
    public async Task A_sigkill_leaves_none_after_the_next_command()
    {
        string archive = await Archive(64 << 20);
        using (Process pull = Process.Start(new ProcessStartInfo(Repository.Command, ["pull", "-q", "--data-root", shop.Store, archive]))!)
        {
            for (DateTime end = DateTime.UtcNow.AddSeconds(60); !Inside().Any();)
                Assert.True(DateTime.UtcNow < end && !pull.HasExited, "skopeo was not seen to write a temporary file");
            Assert.Equal(0, Tmds.Linux.LibC.kill(pull.Id, SIGKILL));
            await pull.WaitForExitAsync();
        }
        (await shop.Call("images", "-q")).Succeeded();
        shop.AssertNothingStaged();
        Assert.Equal(before, Outside());
    }

    private async Task<string> Archive(int bytes)
    {
        shop.Craft(Sample.Large(bytes));
        string archive = $"{shop.Root}/layout.tar";
        await CliWrap.Cli.Wrap("skopeo").WithArguments(["--insecure-policy", "copy", "--quiet", $"oci:{shop.Root}/layout:image", $"oci-archive:{archive}:image"]).ExecuteAsync();
        return $"oci-archive:{archive}:image";
    }

    private IEnumerable<string> Inside()
    {
        try
        {
            return [.. Directory.GetDirectories($"{shop.Store}/staging").Select(staging => $"{staging}/tmp").Where(Directory.Exists).SelectMany(Directory.GetFileSystemEntries)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    // The names of these tools' temporary files, wherever they would put them.
    private static string[] Outside() =>
        [.. new[] { "/var/tmp", Path.GetTempPath() }.SelectMany(directory => new[] { "docker-tar*", "docker-tarfile-blob*", "container_images_*", "oci*" }
            .SelectMany(pattern => Directory.GetFileSystemEntries(directory, pattern))).Distinct().Order(StringComparer.Ordinal)];
}
