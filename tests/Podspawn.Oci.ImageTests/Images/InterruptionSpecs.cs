using System.Diagnostics;
using System.Security.Cryptography;
using Podspawn.Oci.ImageTests.Crafting;
using Podspawn.Oci.ImageTests.Registries;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>After any interruption of a fetch, a later one trusts nothing that is incomplete, and does not fetch again what is complete.</summary>
public sealed class InterruptionSpecs : IDisposable
{
    private const string Plain = "--tls-verify=false";
    private const int SIGKILL = 9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Workshop shop = new();

    public void Dispose() => shop.Dispose();

    [Theory]
    [InlineData(Fate.Cut)]
    [InlineData(Fate.Stalled)]
    internal async Task A_layer_that_does_not_come_to_its_end_leaves_the_whole_ones(Fate fate)
    {
        await using LoopbackRegistry registry = await LoopbackRegistry.Start();
        await using var proxy = new BlobProxy(registry);
        await registry.Push(shop.Craft(Sample.Large(1 << 20)), "x:1");
        string large = LargestBlob(registry), image = $"{proxy.Host}/x:1";
        // Not before the other layer is complete.
        proxy.Before = digest => digest == large ? Eventually.Is(true, () => Blobs().Any(IsLayer)) : Task.CompletedTask;
        proxy.Decide = digest => digest == large ? fate : Fate.Whole;
        Outcome broken = await shop.Call("pull", "-q", Plain, "--stall-timeout", "2", image);
        Messages.AssertRefusal(broken, image, fate == Fate.Stalled ? "nothing came for 2 s" : "unexpected EOF");
        shop.AssertNothingStaged();
        AssertBlobsAreWhole();
        Assert.DoesNotContain(large, Blobs());
        proxy.Decide = _ => Fate.Whole;
        (await shop.Call("run", "-q", Plain, image, "true")).Succeeded();
        Assert.All(proxy.Gets.Where(get => get.Key != large && IsLayerDigest(registry, get.Key)), get => Assert.Equal(1, get.Value));
    }

    [Fact]
    public async Task A_layer_that_was_changed_in_the_registry_is_refused()
    {
        await using LoopbackRegistry registry = await LoopbackRegistry.Start();
        await registry.Push(shop.Craft(Sample.Large(1 << 16)), "x:1");
        string blob = registry.BlobFile(LargestBlob(registry)), image = $"{registry.Host}/x:1";
        byte[] content = await File.ReadAllBytesAsync(blob);
        content[content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(blob, content);
        Messages.AssertRefusal(await shop.Call("pull", "-q", Plain, image), image, "not what its digest promises");
        AssertBlobsAreWhole();
        content[content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(blob, content);
        (await shop.Call("run", "-q", Plain, image, "true")).Succeeded();
    }

    [Fact]
    public async Task A_blob_that_was_damaged_in_the_store_is_found_and_fetched_again()
    {
        await using LoopbackRegistry registry = await LoopbackRegistry.Start();
        await registry.Push(shop.Craft(Sample.Large(1 << 16)), "x:1");
        string image = $"{registry.Host}/x:1", large = LargestBlob(registry);
        string digest = (await shop.Call("pull", "-q", Plain, image)).Succeeded().Lines.Single();
        Directory.Delete(Path.GetDirectoryName(shop.RootOf(digest))!, recursive: true);
        string blob = $"{shop.Store}/blobs/sha256/{large.Split(':')[1]}";
        byte[] content = await File.ReadAllBytesAsync(blob);
        content[content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(blob, content);
        Outcome refused = await shop.Call("pull", "-q", Plain, image);
        Assert.Equal(125, refused.Status);
        await shop.AssertStoreIsEmpty(ofBlobsToo: true);
        (await shop.Call("run", "-q", Plain, image, "true")).Succeeded();
    }

    [Fact]
    public Task Killed_while_a_layer_is_half_there() =>
        Killed("skopeo", () => Staged("layout").Any(path => Path.GetFileName(path).StartsWith("oci-put-blob", StringComparison.Ordinal)), stallLarge: true);

    [Fact]
    public Task Killed_when_the_first_layer_is_whole() => Killed("skopeo", () => Blobs().Any(IsLayer), stallLarge: true);

    [Fact]
    public Task Killed_when_umoci_has_begun() => Killed("umoci", () => Staged("unpacked").Any(), stallLarge: false);

    [Fact]
    public Task Killed_when_the_root_is_half_unpacked() =>
        Killed("umoci", () => Staged("unpacked/rootfs").Any(path => Path.GetFileName(path) is "bin" or "noise"), stallLarge: false);

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    public async Task A_signal_ends_a_fetch_at_once_and_leaves_nothing_half_done(int signal)
    {
        await using LoopbackRegistry registry = await LoopbackRegistry.Start();
        await using var proxy = new BlobProxy(registry);
        await registry.Push(shop.Craft(Sample.Large(1 << 20)), "x:1");
        proxy.Decide = _ => Fate.Stalled;
        using Process pull = Start($"{proxy.Host}/x:1");
        await proxy.Stalled.Task.WaitAsync(Patience);
        Assert.Equal(0, Tmds.Linux.LibC.kill(pull.Id, signal));
        await pull.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(128 + signal, pull.ExitCode);
        Assert.Contains("interrupted", await pull.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        shop.AssertNothingStaged();
        AssertBlobsAreWhole();
        Assert.Empty(Workers());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    public async Task A_full_disk_is_told_and_leaves_what_can_be_gone_on_with(int megabytes)
    {
        // The small disk is full when a layer arrives, the other when the layers are unpacked.
        await using LoopbackRegistry registry = await LoopbackRegistry.Start();
        await registry.Push(shop.Craft(Sample.Large(4 << 20)), "x:1");
        string image = $"{registry.Host}/x:1";
        Directory.CreateDirectory(shop.Store);
        Tool.Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=700", "tmpfs", shop.Store);
        try
        {
            Messages.AssertRefusal(await shop.Call("pull", "-q", Plain, image), image, "no space left on device; make room");
            shop.AssertNothingStaged();
            Assert.Empty(Directory.GetFileSystemEntries($"{shop.Store}/roots/sha256"));
            AssertBlobsAreWhole();
            Assert.Equal(megabytes > 2, Blobs().Contains(LargestBlob(registry)));
            Tool.Run("mount", "-o", "remount,size=64m", shop.Store);
            (await shop.Call("run", "-q", Plain, image, "true")).Succeeded();
        }
        finally
        {
            Tool.Run("umount", "--lazy", shop.Store);
        }
    }

    private async Task Killed(string tool, Func<bool> when, bool stallLarge)
    {
        await using LoopbackRegistry registry = await LoopbackRegistry.Start();
        await using var proxy = new BlobProxy(registry);
        await registry.Push(shop.Craft(Sample.Large(16 << 20)), "x:1");
        string large = LargestBlob(registry), image = $"{proxy.Host}/x:1";
        proxy.Decide = digest => stallLarge && digest == large ? Fate.Stalled : Fate.Whole;
        using (Process pull = Start(image))
        {
            // As soon as the condition holds; a check takes less time than the stage.
            for (DateTime end = DateTime.UtcNow + Patience; !(when() && Workers().Any(name => name == tool));)
                Assert.True(DateTime.UtcNow < end && !pull.HasExited, $"the stage was not seen: {(pull.HasExited ? await pull.StandardError.ReadToEndAsync() : "too late")}");
            Assert.Equal(0, Tmds.Linux.LibC.kill(pull.Id, SIGKILL));
            await pull.WaitForExitAsync().WaitAsync(Patience);
        }
        Assert.NotEmpty(Directory.GetDirectories($"{shop.Store}/staging"));
        (await shop.Call("images", "-q")).Succeeded();
        Assert.Empty(Workers());
        shop.AssertNothingStaged();
        AssertBlobsAreWhole();
        string[] whole = Blobs();
        Assert.Empty(Directory.GetFileSystemEntries($"{shop.Store}/roots/sha256"));
        proxy.Decide = _ => Fate.Whole;
        (await shop.Call("run", "-q", Plain, image, "test", "-s", "/noise")).Succeeded();
        Assert.All(whole.Where(digest => IsLayerDigest(registry, digest)), digest => Assert.Equal(1, proxy.Gets[digest]));
    }

    private Process Start(string image) =>
        // The test runner's caller may ignore signals, and so would the programs that it starts.
        Process.Start(new ProcessStartInfo("env",
            ["--default-signal", Repository.Command, "pull", "-q", Plain, "--data-root", shop.Store, image]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private IEnumerable<string> Staged(string below)
    {
        try
        {
            return [.. Directory.GetDirectories($"{shop.Store}/staging").Select(staging => $"{staging}/{below}").Where(Directory.Exists)
                .SelectMany(Directory.GetFileSystemEntries)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private string[] Blobs()
    {
        try
        {
            return [.. Directory.GetFiles($"{shop.Store}/blobs/sha256").Select(path => $"sha256:{Path.GetFileName(path)}")];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private bool IsLayer(string digest) => new FileInfo($"{shop.Store}/blobs/sha256/{digest.Split(':')[1]}").Length > 64 * 1024;

    private static bool IsLayerDigest(LoopbackRegistry registry, string digest) => new FileInfo(registry.BlobFile(digest)).Length > 64 * 1024;

    private void AssertBlobsAreWhole() =>
        Assert.All(Blobs(), digest => Assert.Equal(digest,
            $"sha256:{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes($"{shop.Store}/blobs/sha256/{digest.Split(':')[1]}")))}"));

    // The tools that still work on this test's store.
    private string[] Workers() =>
        [.. Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])).Select(path => Read($"{path}/cmdline").Split('\0'))
            .Where(words => words.Any(word => word.Contains(shop.Store, StringComparison.Ordinal)))
            .Select(words => Path.GetFileName(words[0])).Where(name => name is "skopeo" or "umoci")];

    private static string LargestBlob(LoopbackRegistry registry) =>
        $"sha256:{new DirectoryInfo(registry.Storage).GetFiles("data", SearchOption.AllDirectories).MaxBy(file => file.Length)!.Directory!.Name}";

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
