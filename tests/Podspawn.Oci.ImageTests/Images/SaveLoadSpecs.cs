using CliWrap;
using CliWrap.Buffered;
using Podspawn.Oci.ImageTests.Crafting;
using Podspawn.Oci.ImageTests.Registries;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>Images that are saved, and loaded into another store.</summary>
public sealed class SaveLoadSpecs : IDisposable
{
    private readonly Workshop shop = new();
    private readonly Workshop other = new();

    public void Dispose()
    {
        shop.Dispose();
        other.Dispose();
    }

    [Theory]
    [InlineData("docker-archive", false)]
    [InlineData("docker-archive", true)]
    [InlineData("oci-archive", false)]
    [InlineData("oci-archive", true)]
    [InlineData("oci-dir", true)]
    public async Task What_is_saved_is_loaded_with_its_names_its_tree_and_its_id(string format, bool inFile)
    {
        await Prepare();
        string file = $"{shop.Root}/layout-saved";
        if (inFile)
            (await shop.Call("save", "--format", format, "--output", file, "tool:1", "tool:2", "plain")).Succeeded();
        else
            await Cli.Wrap("sh").WithArguments(["-c", "exec \"$@\" > \"$0\"", file, Repository.Command, "save", "--data-root", shop.Store, "--format", format, "tool:1", "tool:2", "plain"]).ExecuteAsync();
        Outcome loaded = await other.Call("load", "--quiet", "--input", file);
        Assert.Equal(
            ["Loaded image: localhost/plain:latest", "Loaded image: localhost/tool:1", "Loaded image: localhost/tool:2"],
            loaded.Succeeded().Lines.Order(StringComparer.Ordinal));
        // skopeo writes the configuration of a docker archive anew, in its own order; what is an OCI image stays so.
        if (format != "docker-archive")
            Assert.Equal(Ids(await shop.Call("images", "-q", "--no-trunc")), Ids(await other.Call("images", "-q", "--no-trunc")));
        Outcome ran = await other.Call("run", "-q", "--pull=never", "tool:2");
        Assert.Equal("hello", ran.Succeeded().Lines[0]);
        other.AssertNothingStaged();
        shop.AssertNothingStaged();
    }

    [Theory]
    [InlineData("oci-archive")]
    [InlineData("oci-dir")]
    public async Task Layers_that_are_not_compressed_are_tar_archives_and_the_image_is_the_same(string format)
    {
        await Prepare();
        string saved = $"{shop.Root}/layout-saved", layout = $"{shop.Root}/layout-work";
        (await shop.Call("save", "--format", format, "--uncompressed", "--output", saved, "tool:1", "plain")).Succeeded();
        if (format == "oci-dir")
        {
            layout = saved;
        }
        else
        {
            Directory.CreateDirectory(layout);
            await Cli.Wrap("tar").WithArguments(["-xf", saved, "-C", layout]).ExecuteAsync();
        }
        string[] blobs = Directory.GetFiles($"{layout}/blobs/sha256");
        string[] documents = [.. blobs.Where(file => File.ReadAllBytes(file)[0] == '{')];
        Assert.Equal(4, documents.Length);
        foreach (string layer in blobs.Except(documents))
            Assert.True(IsTar(layer), $"{layer} is no tar archive");
        Assert.DoesNotContain(documents, file => File.ReadAllText(file).Contains("gzip", StringComparison.Ordinal));
        Assert.Equal(
            ["Loaded image: localhost/plain:latest", "Loaded image: localhost/tool:1"],
            (await other.Call("load", "--quiet", "--input", saved)).Succeeded().Lines.Order(StringComparer.Ordinal));
        Assert.Equal(Ids(await shop.Call("images", "-q", "--no-trunc")).Distinct(), Ids(await other.Call("images", "-q", "--no-trunc")));
        Assert.Equal("hello", (await other.Call("run", "-q", "--pull=never", "tool:1")).Succeeded().Lines[0]);
        // What is loaded so is saved as it is, and docker's form is never compressed.
        (await other.Call("save", "--format", "oci-archive", "--uncompressed", "-o", $"{shop.Root}/again", "tool:1")).Succeeded();
        (await other.Call("save", "--uncompressed", "-o", $"{shop.Root}/docker", "tool:1")).Succeeded();
        Assert.Equal(125, (await shop.Call("save", "--format", "oci-archive", "--uncompressed", "--max-size", "1k", "-o", $"{shop.Root}/small", "plain")).Status);
        Assert.False(File.Exists($"{shop.Root}/small"));
        shop.AssertNothingStaged();
        other.AssertNothingStaged();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    [InlineData("bzip2")]
    public async Task A_compressed_archive_comes_from_the_standard_input_too(string tool)
    {
        await Prepare();
        string file = $"{shop.Root}/layout-saved.tar";
        (await shop.Call("save", "-o", file, "plain")).Succeeded();
        string compressed = await Archives.Compress(file, tool);
        Outcome loaded = await PodspawnOci.Call(["load", "--data-root", other.Store, "--quiet"], PipeSource.FromFile(compressed));
        Assert.Equal(["Loaded image: localhost/plain:latest"], loaded.Succeeded().Lines);
        Archives.Cut(compressed, new FileInfo(compressed).Length / 2);
        Messages.AssertRefusal(await other.Call("load", "--quiet", "-i", compressed), compressed, tool);
        other.AssertNothingStaged();
    }

    [Fact]
    public async Task Podman_and_skopeo_read_what_is_saved()
    {
        await Prepare();
        string docker = $"{shop.Root}/layout-docker.tar", oci = $"{shop.Root}/layout-oci.tar";
        (await shop.Call("save", "-o", docker, "tool:1", "plain")).Succeeded();
        (await shop.Call("save", "--format", "oci-archive", "-o", oci, "tool:1")).Succeeded();
        foreach (string source in new[] { $"docker-archive:{docker}:localhost/tool:1", $"docker-archive:{docker}:localhost/plain:latest", $"oci-archive:{oci}" })
        {
            BufferedCommandResult seen = await Cli.Wrap("skopeo").WithArguments(["inspect", "--config", source]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
            Assert.True(seen.ExitCode == 0, seen.StandardError);
        }
    }

    [Fact]
    public async Task An_image_that_is_given_by_its_id_has_no_name_in_the_archive()
    {
        await Prepare();
        string id = (await shop.Call("images", "-q", "plain")).Succeeded().Lines.Single(), file = $"{shop.Root}/layout-saved.tar";
        (await shop.Call("save", "--format", "oci-archive", "-o", file, id)).Succeeded();
        Assert.StartsWith($"Loaded image: sha256:{id}", (await other.Call("load", "-q", "-i", file)).Succeeded().Lines.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blob_that_is_not_what_its_digest_says_is_not_passed_on_and_an_old_file_stays()
    {
        await Prepare();
        string layer = Directory.GetFiles($"{shop.Store}/blobs/sha256").MaxBy(file => new FileInfo(file).Length)!, saved = $"{shop.Root}/layout-saved.tar";
        byte[] bytes = File.ReadAllBytes(layer);
        bytes[^9] ^= 1;
        File.WriteAllBytes(layer, bytes);
        File.WriteAllText(saved, "before");
        foreach (string[] format in new string[][] { ["docker-archive"], ["oci-archive"], ["oci-archive", "--uncompressed"] })
        {
            Outcome refused = await shop.Call("save", ["--format", .. format, "-o", saved, "plain"]);
            Assert.Equal(125, refused.Status);
            Assert.Contains("fetch it again", refused.Error, StringComparison.Ordinal);
            Assert.Equal("before", File.ReadAllText(saved));
        }
        Assert.Equal(125, (await shop.Call("save", "--format", "oci-dir", "-o", $"{shop.Root}/layout-dir", "plain")).Status);
        Assert.False(Directory.Exists($"{shop.Root}/layout-dir"));
        shop.AssertNothingStaged();
    }

    [Fact]
    public async Task What_is_no_saved_image_is_refused_in_words()
    {
        string root = Archives.Pack(shop, TarEntry.File("etc/passwd", "x")), text = $"{shop.Root}/layout-text";
        File.WriteAllText(text, string.Concat(Enumerable.Repeat("no archive\n", 100)));
        Messages.AssertRefusal(await other.Call("load", "-q", "-i", root), root, "podspawn-oci import");
        Messages.AssertRefusal(await other.Call("load", "-q", "-i", text), text, "is no whole tar archive");
        Messages.AssertRefusal(await other.Call("load", "-q", "-i", $"{shop.Root}/nowhere"), $"{shop.Root}/nowhere", "there is no such file");
        await other.AssertStoreIsEmpty(ofBlobsToo: true);
    }

    [Fact]
    public async Task Names_of_an_archive_that_would_hide_others_are_left_out()
    {
        await Prepare();
        string file = $"{shop.Root}/layout-saved.tar", work = $"{shop.Root}/layout-work";
        (await shop.Call("save", "-o", file, "plain")).Succeeded();
        Directory.CreateDirectory(work);
        await Cli.Wrap("tar").WithArguments(["-xf", file, "-C", work]).ExecuteAsync();
        string list = File.ReadAllText($"{work}/manifest.json");
        File.WriteAllText($"{work}/manifest.json", list.Replace("\"localhost/plain:latest\"", "\"sha256:0123456789ab\", \"../../x\", \"UPPER\", \"kept:1\"", StringComparison.Ordinal));
        await Cli.Wrap("tar").WithArguments(["-cf", file, "-C", work, "."]).ExecuteAsync();
        Assert.Equal(["Loaded image: docker.io/library/kept:1"], (await other.Call("load", "-q", "-i", file)).Succeeded().Lines);
    }

    [Fact]
    public async Task A_push_arrives_with_the_digest_that_is_told()
    {
        await using LoopbackRegistry registry = await LoopbackRegistry.Start(auth: true);
        await Prepare();
        string name = $"{registry.Host}/team/tool:1", digestFile = $"{shop.Root}/layout-digest";
        (await shop.Call("tag", "tool:1", name)).Succeeded();
        Messages.AssertRefusal(await shop.Call("push", "-q", "--tls-verify=false", name), name, "--authfile");
        string[] reach = ["-q", "--tls-verify=false", "--authfile", registry.AuthFile(LoopbackRegistry.Password)];
        string digest = (await shop.Call("push", [.. reach, "--digestfile", digestFile, name])).Succeeded().Lines.Single();
        Assert.Equal(digest, File.ReadAllText(digestFile));
        Assert.Equal(digest, (await shop.Call("push", [.. reach, "tool:2", $"docker://{name}"])).Succeeded().Lines.Single());
        Assert.Equal(digest, (await other.Call("pull", [.. reach, $"{registry.Host}/team/tool@{digest}"])).Succeeded().Lines.Single());
        Assert.Equal(125, (await shop.Call("push", "tool:1", "oci:/nowhere")).Status);
        shop.AssertNothingStaged();
    }

    private async Task Prepare()
    {
        string layered = shop.Craft(Sample.Layered), plain = shop.Craft(Sample.Plain, "layout-plain");
        (await shop.Call("pull", "-q", layered, plain)).Succeeded();
        (await shop.Call("tag", layered, "tool:1", "tool:2")).Succeeded();
        (await shop.Call("tag", plain, "plain")).Succeeded();
    }

    // The magic of tar (tar(5)).
    private static bool IsTar(string file) => File.ReadAllBytes(file).AsSpan(257, 5).SequenceEqual("ustar"u8);

    private static IEnumerable<string> Ids(Outcome listed) => listed.Succeeded().Lines.Order(StringComparer.Ordinal);
}
