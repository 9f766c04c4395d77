using System.Globalization;
using System.Text;
using CliWrap;
using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>Files that are not archives, archives that lie or never end, and other causes that stop an import: nothing of it is left.</summary>
public sealed class ImportFaultSpecs : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Workshop workshop = new();

    public static TheoryData<string> Hostile => [.. HostileLayers.All.Keys];

    public static TheoryData<string> Broken => [.. BrokenLayers.All.Where(trick =>
        trick.Key.Contains("cut off in a", StringComparison.Ordinal) || trick.Value.Refused is null or "file name too long").Select(trick => trick.Key)];

    [Fact]
    public async Task A_file_that_is_no_archive_is_refused() =>
        await Refused(Write("text.tar", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("no archive\n", 1000)))), "is no tar archive");

    [Fact]
    public async Task A_short_file_that_is_no_archive_is_refused() => await Refused(Write("short.tar", "x"u8.ToArray()), "is no tar archive");

    [Fact]
    public async Task An_empty_file_is_refused() => await Refused(Write("empty.tar", []), "is empty");

    [Fact]
    public async Task An_archive_without_files_is_refused() => await Refused(Archives.Pack(workshop), "has no files in it");

    [Fact]
    public async Task A_missing_file_is_refused() => await Refused($"{workshop.Root}/nowhere.tar", "there is no such file");

    [Fact]
    public async Task A_directory_is_refused_with_the_way_to_run_it() => await Refused(workshop.Canary, "is a directory; name a tar archive, or run it where it is with --rootfs");

    [Theory]
    [InlineData(512 + 300, "ends in the middle of a file")] // in the file's content
    [InlineData(512 + 512 + 200, "is no tar archive|ends in the middle of a file|lacks the mark")] // in the next header
    [InlineData(2 * 1024, "lacks the mark at its end")] // after the second file
    [InlineData(1024, "lacks the mark at its end")] // between the files
    public async Task An_archive_that_is_cut_off_is_refused(long kept, string words)
    {
        string archive = Archives.Pack(workshop, TarEntry.File("a", new string('a', 400)), TarEntry.File("b", new string('b', 400)));
        Archives.Cut(archive, kept);
        Outcome refused = await workshop.Call("import", "--quiet", archive);
        string fitting = words.Split('|').FirstOrDefault(word => refused.Error.Contains(word, StringComparison.Ordinal)) ?? words;
        Messages.AssertRefusal(refused, archive, fitting);
        await AssertNothingLeft();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("bzip2")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public async Task A_compressed_archive_that_is_cut_off_is_refused_wherever_it_was_cut(string tool)
    {
        string archive = await Archives.Compress(Archives.Pack(workshop, Noise(100_000)), tool);
        long length = new FileInfo(archive).Length;
        foreach (long kept in new[] { length - 1, length / 2, 20 })
        {
            Archives.Cut(archive, kept);
            await Refused(archive, $"{tool}: ");
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("bzip2")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public async Task A_compressed_archive_with_a_wrong_byte_is_refused(string tool)
    {
        string archive = await Archives.Compress(Archives.Pack(workshop, Noise(100_000)), tool);
        using (FileStream file = new(archive, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Position = file.Length / 2;
            int old = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(old ^ 0x55));
        }
        await Refused(archive, $"{tool}: ");
    }

    [Fact]
    public async Task A_decompression_bomb_ends_at_the_largest_size()
    {
        string bomb = await Archives.Compress(Archives.Pack(workshop, new TarEntry("zeros") { Zeros = 200 << 20 }), "zstd");
        Outcome refused = await workshop.Call("import", "--quiet", "--max-size", "16m", bomb);
        Messages.AssertRefusal(refused, bomb, "allow more with --max-size");
        await AssertNothingLeft();
    }

    [Fact]
    public async Task A_file_of_holes_ends_at_the_largest_size()
    {
        string bomb = Archives.Pack(workshop, new TarEntry("sparse") { SparseSize = 1L << 40, Sparse = [(0, "begin"u8.ToArray()), ((1L << 40) - 3, "end"u8.ToArray())] });
        Messages.AssertRefusal(await workshop.Call("import", "--quiet", "--max-size", "16m", bomb), bomb, "allow more with --max-size");
        await AssertNothingLeft();
    }

    [Fact]
    public async Task A_full_disk_leaves_nothing()
    {
        string archive = Archives.Pack(workshop, Noise(12 << 20));
        using var disk = new SmallDisk(workshop.Store, "8m");
        Messages.AssertRefusal(await workshop.Call("import", "--quiet", archive), archive, "no space left on device; make room on the store's filesystem");
        await AssertNothingLeft();
    }

    [Fact]
    public async Task A_disk_that_is_full_once_it_is_unpacked_leaves_nothing()
    {
        // The layer fits, the tree does not.
        string archive = Archives.Pack(workshop, new TarEntry("zeros") { Zeros = 12 << 20 });
        using var disk = new SmallDisk(workshop.Store, "8m");
        Messages.AssertRefusal(await workshop.Call("import", "--quiet", archive), archive, "no space left on device; make room on the store's filesystem");
        await AssertNothingLeft();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interrupted_import_leaves_nothing(bool compressed)
    {
        Outcome ended = await Endless(compressed, kill: false);
        Assert.Equal(128 + 2, ended.Status);
        Assert.Contains("standard input: interrupted; nothing of it is kept", ended.Error, StringComparison.Ordinal);
        await AssertNothingLeft();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_killed_import_leaves_nothing_to_the_next_command(bool compressed)
    {
        await Endless(compressed, kill: true);
        (await workshop.Call("images")).Succeeded();
        await AssertNothingLeft();
        // The programs that worked for it have ended as well.
        await Eventually.Is(0, () => Processes.WithInEnvironment(workshop.Store).Count());
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    [MemberData(nameof(Broken))]
    public async Task No_archive_gets_out(string trick)
    {
        Trick tried = HostileLayers.All.GetValueOrDefault(trick) ?? BrokenLayers.All[trick];
        TreeListing shadow = TreeListing.Of("/etc/shadow", watched: true);
        foreach (CraftedLayer layer in tried.Layers(workshop.Canary))
        {
            string archive = $"{workshop.Root}/layout-hostile.tar";
            using (FileStream file = File.Create(archive))
                layer.Write(new TarWriter(file));
            if (layer.KeptOfArchive is { } kept)
                Archives.Cut(archive, kept);
            Outcome imported = await workshop.Call("import", "--quiet", archive);
            workshop.AssertUntouched();
            workshop.AssertNothingStaged();
            if (imported.Status == 0)
                Assert.True(Directory.Exists(workshop.RootOf(imported.Lines.Single())));
            else
                Messages.AssertRefusal(imported, archive, "; ");
        }
        shadow.AssertSame(TreeListing.Of("/etc/shadow", watched: true));
        // A single archive whose content umoci refuses is refused completely.
        if (tried.Refused is not null && tried.Layers(workshop.Canary).Length == 1)
            await AssertNothingLeft();
    }

    public void Dispose() => workshop.Dispose();

    private static TarEntry Noise(int length)
    {
        byte[] noise = new byte[length];
        new Random(1).NextBytes(noise);
        return new TarEntry("noise") { Content = noise };
    }

    private string Write(string name, byte[] bytes)
    {
        string path = $"{workshop.Root}/layout-{name}";
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private async Task Refused(string file, string words)
    {
        Messages.AssertRefusal(await workshop.Call("import", "--quiet", file, "tool:1"), file, words);
        await AssertNothingLeft();
    }

    private async Task AssertNothingLeft()
    {
        await workshop.AssertStoreIsEmpty(ofBlobsToo: true);
        Assert.Empty(Directory.GetFiles($"{workshop.Store}/names", "*", SearchOption.AllDirectories));
    }

    // An archive that begins well and then neither continues nor ends; the import is ended once umoci has some of it.
    private async Task<Outcome> Endless(bool compressed, bool kill)
    {
        string archive = Archives.Pack(workshop, Noise(8 << 20));
        byte[] beginning = File.ReadAllBytes(compressed ? await Archives.Compress(archive, "gzip") : archive)[..(6 << 20)];
        using var end = new CancellationTokenSource();
        var error = new StringBuilder();
        var held = new TaskCompletionSource();
        // The test runner's caller may ignore signals, and so would the programs that it starts.
        CommandTask<CommandResult> running = Cli.Wrap("env").WithArguments(["--default-signal", Repository.Command, "import", "--data-root", workshop.Store, "--quiet", "-"])
            .WithValidation(CommandResultValidation.None).WithStandardErrorPipe(PipeTarget.ToStringBuilder(error))
            .WithStandardInputPipe(PipeSource.Create(async (stream, cancel) =>
            {
                await stream.WriteAsync(beginning, cancel);
                await stream.FlushAsync(cancel);
                await held.Task.WaitAsync(cancel);
            }))
            .ExecuteAsync(end.Token);
        try
        {
            await Eventually.Is(true, () => HasSomeOfTheLayer() || running.Task.IsCompleted);
            Assert.True(HasSomeOfTheLayer(), error.ToString());
            await Cli.Wrap("kill").WithArguments([kill ? "-KILL" : "-INT", running.ProcessId.ToString(CultureInfo.InvariantCulture)]).ExecuteAsync();
            return new Outcome((await running.Task.WaitAsync(Patience)).ExitCode, [], error.ToString());
        }
        finally
        {
            await end.CancelAsync();
        }
    }

    private bool HasSomeOfTheLayer() =>
        Directory.Exists($"{workshop.Store}/staging")
            && Directory.EnumerateFiles($"{workshop.Store}/staging", "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true })
            .Any(file => file.Contains("/layout/", StringComparison.Ordinal) && new FileInfo(file) is { Exists: true, Length: > 1 << 20 });
}
