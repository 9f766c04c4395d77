using System.Diagnostics;
using System.Text.Json;
using Podspawn.Oci.ImageTests.Crafting;
using Podspawn.Oci.ImageTests.Registries;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>What the store lists, and what it removes.</summary>
public sealed class StoreSpecs : IDisposable
{
    private readonly Workshop shop = new();

    public void Dispose() => shop.Dispose();

    [Fact]
    public async Task Images_tells_what_there_is()
    {
        string image = shop.Craft(Sample.Layered);
        string digest = (await shop.Call("pull", "-q", image)).Succeeded().Lines.Single();
        JsonElement told = (await Images()).Single();
        Assert.Equal(digest, told.GetProperty("Digest").GetString());
        Assert.Equal([image], told.GetProperty("Names").EnumerateArray().Select(name => name.GetString()!));
        Assert.Equal($"linux/{LayoutBuilder.HostArchitecture}", told.GetProperty("Podspawn").GetProperty("Platform").GetString());
        Assert.All(told.GetProperty("Podspawn").GetProperty("Layers").EnumerateArray(), layer =>
            Assert.Equal(new FileInfo($"{shop.Store}/blobs/sha256/{layer.GetProperty("Digest").GetString()!.Split(':')[1]}").Length, layer.GetProperty("Size").GetInt64()));
        Assert.Equal(3, told.GetProperty("Podspawn").GetProperty("Layers").GetArrayLength());
        Assert.InRange(told.GetProperty("Size").GetInt64(), new FileInfo($"{Repository.Busybox}/bin/busybox").Length, 64 << 20);
        Assert.Equal(JsonValueKind.Null, told.GetProperty("Podspawn").GetProperty("Used").ValueKind);
        (await shop.Call("run", "-q", image)).Succeeded();
        DateTimeOffset used = (await Images()).Single().GetProperty("Podspawn").GetProperty("Used").GetDateTimeOffset();
        Assert.InRange(used, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
        string table = (await shop.Call("images")).Succeeded().Text;
        Assert.Contains(image, table, StringComparison.Ordinal);
        string id = $"sha256:{told.GetProperty("Id").GetString()}";
        Assert.Contains(id.Substring(7, 12), table, StringComparison.Ordinal);
        Assert.Contains(digest, (await shop.Call("images", "--digests")).Succeeded().Text, StringComparison.Ordinal);
        Assert.Equal([id], (await shop.Call("images", "-q", "--no-trunc")).Succeeded().Lines);
    }

    [Fact]
    public async Task An_image_is_found_by_the_first_digits_of_its_digest()
    {
        string digest = (await shop.Call("pull", "-q", shop.Craft(Sample.Plain))).Succeeded().Lines.Single();
        string id = (await shop.Call("images", "-q", "--no-trunc")).Succeeded().Lines.Single();
        foreach (string prefix in new[] { digest, digest[..15], digest[7..13], digest[7..], id, id[..15], id[7..13], id[7..] })
            (await shop.Call("run", "--pull=never", prefix, "true")).Succeeded();
        Assert.Equal(125, (await shop.Call("run", "--pull=never", digest[7..12], "true")).Status);
    }

    [Fact]
    public async Task A_name_goes_first_and_the_image_with_its_last_name()
    {
        string image = shop.Craft(Sample.Plain);
        string digest = (await shop.Call("pull", "-q", image)).Succeeded().Lines.Single();
        // The same image by another path.
        Directory.CreateSymbolicLink($"{shop.Root}/layout-link", $"{shop.Root}/layout");
        string second = $"oci:{shop.Root}/layout-link:image";
        (await shop.Call("pull", "-q", second)).Succeeded();
        Outcome several = await shop.Call("rmi", digest);
        Assert.Equal(125, several.Status);
        Assert.Contains("--force", several.Error, StringComparison.Ordinal);
        Assert.Equal([$"Untagged: {image}"], (await shop.Call("rmi", image)).Succeeded().Lines);
        (await shop.Call("run", "-q", "--pull=never", second, "true")).Succeeded();
        Assert.Equal([$"Untagged: {second}", $"Deleted: {digest}"], (await shop.Call("rmi", second)).Succeeded().Lines);
        await shop.AssertStoreIsEmpty(ofBlobsToo: true);
        Assert.Empty(Directory.GetFileSystemEntries($"{shop.Store}/names"));
        Assert.Contains("image not known", (await shop.Call("rmi", second)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layers_that_another_image_has_stay()
    {
        string plain = shop.Craft(Sample.Plain), layered = shop.Craft(Sample.Layered, "layout-layered");
        (await shop.Call("pull", "-q", plain, layered)).Succeeded();
        (await shop.Call("rmi", layered)).Succeeded();
        JsonElement left = (await Images()).Single();
        Assert.All(left.GetProperty("Podspawn").GetProperty("Layers").EnumerateArray(), layer =>
            Assert.True(File.Exists($"{shop.Store}/blobs/sha256/{layer.GetProperty("Digest").GetString()!.Split(':')[1]}")));
        Assert.Equal(3, Directory.GetFiles($"{shop.Store}/blobs/sha256").Length);
        (await shop.Call("run", "-q", plain, "true")).Succeeded();
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task An_image_that_a_container_runs_from_stays(string runtime)
    {
        string image = shop.Craft(Sample.Plain), name = $"in-use-{runtime}-{Environment.ProcessId}";
        (await shop.Call("pull", "-q", image)).Succeeded();
        using Process container = Process.Start(new ProcessStartInfo(
            Repository.Command, ["run", "-i", "--runtime", runtime, "--name", name, "--data-root", shop.Store, image, "sh", "-c", "echo up; cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            Assert.Equal("up", await container.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)));
            Assert.Equal([Leftovers.IdOf(name)],
                (await Images()).Single().GetProperty("Podspawn").GetProperty("Containers").EnumerateArray().Select(id => id.GetString()!));
            Outcome refused = await shop.Call("rmi", image);
            Assert.Equal(125, refused.Status);
            Assert.Contains(Leftovers.IdOf(name), refused.Error, StringComparison.Ordinal);
            Assert.Equal(["reclaimed 0B"], (await shop.Call("prune", "--all")).Succeeded().Lines);
            container.StandardInput.Close();
            await container.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
            Assert.Equal(0, container.ExitCode);
        }
        finally
        {
            container.Kill(entireProcessTree: true);
        }
        (await shop.Call("rmi", image)).Succeeded();
        await shop.AssertStoreIsEmpty(ofBlobsToo: true);
    }

    [Fact]
    public async Task Prune_tells_what_it_would_do_and_then_does_it()
    {
        string image = shop.Craft(Sample.Layered);
        string digest = (await shop.Call("pull", "-q", image)).Succeeded().Lines.Single();
        Assert.Equal(["would reclaim 0B"], (await shop.Call("prune", "--dry-run")).Succeeded().Lines);
        JsonElement would = Json(await shop.Call("prune", "--all", "--dry-run", "--format", "json"));
        Assert.True(would.GetProperty("dryRun").GetBoolean());
        Assert.Equal(digest, would.GetProperty("images")[0].GetProperty("digest").GetString());
        Assert.Single(await Images());
        JsonElement did = Json(await shop.Call("prune", "--all", "--format", "json"));
        Assert.Equal(would.GetProperty("reclaimed").GetInt64(), did.GetProperty("reclaimed").GetInt64());
        long sum = did.GetProperty("images").EnumerateArray().Concat(did.GetProperty("blobs").EnumerateArray()).Sum(part => part.GetProperty("size").GetInt64());
        Assert.Equal(sum, did.GetProperty("reclaimed").GetInt64());
        await shop.AssertStoreIsEmpty(ofBlobsToo: true);
    }

    [Fact]
    public async Task A_blob_that_no_image_has_is_pruned()
    {
        (await shop.Call("pull", "-q", shop.Craft(Sample.Plain))).Succeeded();
        string stray = $"{shop.Store}/blobs/sha256/{new string('0', 64)}";
        File.WriteAllText(stray, "stray");
        Assert.Contains("would reclaim 5B", (await shop.Call("prune", "--dry-run")).Succeeded().Text, StringComparison.Ordinal);
        Assert.True(File.Exists(stray));
        Assert.Contains("reclaimed 5B", (await shop.Call("prune")).Succeeded().Text, StringComparison.Ordinal);
        Assert.False(File.Exists(stray));
        Assert.Single(await Images());
    }

    [Fact]
    public async Task Pulls_and_removals_at_once_never_leave_a_store_that_lies()
    {
        string[] sources = [.. Enumerable.Range(0, 3).Select(i => shop.Craft(Sample.Large(1 << 12, seed: i), $"layout{i}"))];
        var verbs = Enumerable.Range(0, 24).Select(i => (i % 4) switch
        {
            0 or 1 => shop.Call("run", "-q", sources[i % 3], "test", "-s", "/noise"),
            2 => shop.Call("rmi", sources[i % 3]),
            _ => shop.Call("prune", "--all"),
        });
        Outcome[] ends = await Task.WhenAll(verbs);
        // A launch may report that its image was removed at that moment, and a removal that it came too late; nothing worse.
        Assert.All(ends, end => Assert.True(
            (end.Status is 0 or 125 || (end.Status == 1 && end.Error.Contains("image not known", StringComparison.Ordinal))) && !end.Error.Contains("unexpected", StringComparison.Ordinal),
            end.Error));
        shop.AssertNothingStaged();
        foreach (string source in sources)
            (await shop.Call("run", "-q", source, "test", "-s", "/noise")).Succeeded();
        Assert.Equal(3, (await Images()).Length);
    }

    private static JsonElement Json(Outcome outcome) => JsonDocument.Parse(outcome.Succeeded().Text).RootElement;

    private async Task<JsonElement[]> Images() => [.. Json(await shop.Call("images", "--format", "json")).EnumerateArray()];
}
