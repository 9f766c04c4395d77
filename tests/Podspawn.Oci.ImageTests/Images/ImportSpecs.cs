using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;
using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>Archives of root filesystems that become images.</summary>
public sealed class ImportSpecs : IDisposable
{
    private readonly Workshop workshop = new();

    [Theory]
    [InlineData(null)]
    [InlineData("gzip")]
    [InlineData("bzip2")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public async Task An_archive_becomes_an_image_with_the_same_tree(string? compression)
    {
        string archive = Archives.Pack(workshop, [TarEntry.Directory("./", 0x1C0) with { Uid = 7, Time = 5 }, .. Archives.Everything]);
        string file = compression is null ? archive : await Archives.Compress(archive, compression);
        TreeListing tree = TreeListing.Of(await Import(file));

        // The expected tree is GNU tar's.
        AssertSame(TreeListing.Of(await Extract(workshop, archive)), tree);
        Assert.StartsWith("directory 0700 7:0 ", tree["."], StringComparison.Ordinal);
        Assert.Contains("caf\u00e9", tree.Paths);
        workshop.AssertNothingStaged();
        workshop.AssertUntouched();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("xz")]
    public async Task An_archive_may_come_from_the_standard_input(string? compression)
    {
        string archive = Archives.Pack(workshop, Archives.Everything);
        string file = compression is null ? archive : await Archives.Compress(archive, compression);
        Outcome imported = await PodspawnOci.Call(["import", "--data-root", workshop.Store, "--quiet", "-", "tool:1"], PipeSource.FromFile(file));
        TreeListing tree = TreeListing.Of(workshop.RootOf(imported.Succeeded().Lines.Single()));
        AssertSame(TreeListing.Of(await Import(archive)), tree);
        Assert.Equal("localhost/tool:1", (await Images()).Select(image => (string?)image!["RepoTags"]!.AsArray().SingleOrDefault()).Single(name => name is not null));
    }

    [Fact]
    public async Task The_image_says_when_how_and_for_what_it_was_made()
    {
        string file = Archives.Pack(workshop, TarEntry.File("a", "x"));
        DateTimeOffset before = DateTimeOffset.UtcNow;
        JsonObject made = await ConfigurationOf(
            file,
            """CMD ["-c", "a,b", " "]""", "ENTRYPOINT [\"--flag=x\"]", "ENV A=b,c=d B='two words' C=", "USER 1000:10", "WORKDIR /srv//x/", "EXPOSE 80 53/udp",
            "VOLUME /data", "LABEL l=\"a, b\" m==", "STOPSIGNAL SIGINT");
        Assert.InRange((await Images()).Single()!["Created"]!.GetValue<DateTimeOffset>(), before, DateTimeOffset.UtcNow);
        Assert.Equal(LayoutBuilder.HostArchitecture, (string?)made["architecture"]);
        Assert.Equal("linux", (string?)made["os"]);
        JsonNode history = Assert.Single(made["history"]!.AsArray())!;
        Assert.Equal("podspawn-oci import", (string?)history["created_by"]);
        Assert.Equal($"Imported from {Path.GetFileName(file)}", (string?)history["comment"]);
        Assert.Single(made["rootfs"]!["diff_ids"]!.AsArray());
        JsonNode wanted = JsonNode.Parse("""
            {
              "Cmd": ["-c", "a,b", " "], "Entrypoint": ["--flag=x"], "Env": ["A=b,c=d", "B=two words", "C="], "User": "1000:10", "WorkingDir": "/srv/x",
              "ExposedPorts": {"80/tcp": {}, "53/udp": {}}, "Volumes": {"/data": {}}, "Labels": {"l": "a, b", "m": "="}, "StopSignal": "SIGINT"
            }
            """)!;
        Assert.True(JsonNode.DeepEquals(wanted, made["config"]), made["config"]!.ToJsonString());
    }

    [Fact]
    public async Task An_image_of_an_archive_leaves_no_blob_but_its_own()
    {
        await Import(Archives.Pack(workshop, TarEntry.File("a", "x")), "tool");
        Assert.Equal(3, Directory.GetFiles($"{workshop.Store}/blobs/sha256").Length);
        Assert.Empty(JsonNode.Parse((await workshop.Call("prune", "--format", "json")).Succeeded().Text)!["blobs"]!.AsArray());
        (await workshop.Call("rmi", "tool")).Succeeded();
        await workshop.AssertStoreIsEmpty(ofBlobsToo: true);
    }

    [Theory]
    [MemberData(nameof(PodspawnOci.Runtimes), MemberType = typeof(PodspawnOci))]
    public async Task An_imported_image_runs_as_its_changes_say(string runtime)
    {
        string file = $"{workshop.Root}/layout-busybox.tar";
        await Cli.Wrap("tar").WithArguments(["--create", $"--file={file}", $"--directory={Repository.Busybox}", "."]).ExecuteAsync();
        (await workshop.Call("import", "--quiet", "--change", "ENV WORD='hello world'", "--change", "WORKDIR /bin", "--change", "CMD echo $WORD; pwd", file, "tool:1")).Succeeded();
        Outcome ran = await workshop.Call("run", "--runtime", runtime, "--pull", "never", "tool:1");
        Assert.Equal(["hello world", "/bin"], ran.Succeeded().Lines);
    }

    [Fact]
    public async Task A_name_stands_for_the_last_archive_that_was_given_it()
    {
        string first = await Import(Archives.Pack(workshop, TarEntry.File("a", "1")), "tool");
        string second = await Import(Archives.Pack(workshop, TarEntry.File("a", "2")), "localhost/tool:latest");
        Assert.NotEqual(first, second);
        Assert.Equal(second, workshop.RootOf((await Images()).Single(image => image!["RepoTags"]!.AsArray().Count == 1)!["Digest"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("oci:layout", "cannot be called so")]
    [InlineData("Tool", "lower case")]
    [InlineData("tool@sha256:0000000000000000000000000000000000000000000000000000000000000000", "digest comes of its content")]
    public async Task A_name_that_an_image_cannot_have_is_refused_before_anything_is_made(string name, string words)
    {
        Directory.CreateDirectory($"{workshop.Root}/layout");
        Outcome refused = await PodspawnOci.Call(["import", "--data-root", workshop.Store, Archives.Pack(workshop, TarEntry.File("a")), name], directory: workshop.Root);
        Assert.Equal(125, refused.Status);
        Assert.Contains(words, refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workshop.Store));
    }

    [Fact]
    public async Task A_wrong_change_is_refused_by_name_before_anything_is_made()
    {
        Outcome refused = await workshop.Call("import", "--change", "USER me", "--change", "FOO x", Archives.Pack(workshop, TarEntry.File("a")));
        Messages.AssertRefusal(refused, "--change: 'FOO x'", "is no instruction that changes an image");
        Assert.False(Directory.Exists(workshop.Store));
    }

    public void Dispose() => workshop.Dispose();

    /// <summary>Asserts that trees are the same below their roots, whose times are those of their creation.</summary>
    internal static void AssertSame(TreeListing expected, TreeListing actual) =>
        Assert.Empty(expected.DifferencesTo(actual).Where(line => !line[2..].StartsWith(". ", StringComparison.Ordinal)).Take(20));

    /// <summary>Unpacks an archive with GNU tar, to a new directory.</summary>
    internal static async Task<string> Extract(Workshop workshop, string archive)
    {
        string directory = $"{workshop.Root}/by-hand-{Guid.NewGuid():N}";
        Directory.CreateDirectory(directory);
        BufferedCommandResult result = await Cli.Wrap("tar").WithArguments([
            "--extract", $"--file={archive}", $"--directory={directory}", "--same-owner", "--same-permissions", "--numeric-owner", "--xattrs", "--xattrs-include=*",
        ]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        Assert.True(result.ExitCode == 0, result.StandardError);
        return directory;
    }

    private async Task<string> Import(string file, params string[] name) =>
        workshop.RootOf((await workshop.Call("import", ["--quiet", file, .. name])).Succeeded().Lines.Single());

    private async Task<JsonArray> Images() => JsonNode.Parse((await workshop.Call("images", "--format", "json")).Succeeded().Text)!.AsArray();

    private async Task<JsonObject> ConfigurationOf(string file, params string[] changes)
    {
        (await workshop.Call("import", ["--quiet", .. changes.SelectMany(change => new[] { "--change", change }), file])).Succeeded();
        string digest = (await Images()).Single()!["Id"]!.GetValue<string>();
        return JsonNode.Parse(await File.ReadAllTextAsync($"{workshop.Store}/blobs/sha256/{digest}"))!.AsObject();
    }
}
