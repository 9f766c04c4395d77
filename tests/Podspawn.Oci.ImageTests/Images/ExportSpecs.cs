using System.Globalization;
using System.Net.Sockets;
using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Podspawn.Oci.ImageTests.Crafting;

namespace Podspawn.Oci.ImageTests.Images;

/// <summary>Root filesystems of images as archives.</summary>
public sealed class ExportSpecs : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Workshop workshop = new();

    [Fact]
    public async Task An_archive_has_names_as_docker_export_gives_them()
    {
        await Import(TarEntry.Directory("./"), TarEntry.File("file", "x"), TarEntry.Directory("bin/"), TarEntry.File("bin/busybox", "x"), TarEntry.Symlink("sh", "./bin/busybox"),
            TarEntry.HardLink("bin/twin", "bin/busybox"));
        string[] listing = await List(await Export(), "--verbose", "--numeric-owner");
        Assert.Equal(["bin/", "bin/busybox", "bin/twin link to bin/busybox", "file", "sh -> ./bin/busybox"],
            listing.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(5))));
        Assert.All(listing, line => Assert.Contains(" 0/0 ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_exported_and_imported_again_is_the_same()
    {
        string root = await Import([.. Archives.Everything]);
        string archive = await Export();
        Outcome imported = await workshop.Call("import", "--quiet", archive);
        ImportSpecs.AssertSame(TreeListing.Of(root), TreeListing.Of(workshop.RootOf(imported.Succeeded().Lines.Single())));
        // GNU tar understands it as well.
        ImportSpecs.AssertSame(TreeListing.Of(root), TreeListing.Of(await ImportSpecs.Extract(workshop, archive)));
    }

    [Fact]
    public async Task The_same_tree_gives_the_same_bytes_to_a_file_and_to_the_standard_output()
    {
        await Import([.. Archives.Everything]);
        byte[] first = File.ReadAllBytes(await Export());
        Assert.Equal(first, File.ReadAllBytes(await Export()));
        Assert.Equal(first, (await workshop.Call("export", "tool")).Succeeded().Output);
    }

    [Fact]
    public async Task An_image_without_files_gives_an_empty_archive()
    {
        (await workshop.Call("pull", "--quiet", workshop.Craft(new CraftedImage()))).Succeeded();
        string archive = $"{workshop.Root}/layout-export.tar";
        (await workshop.Call("export", "--output", archive, $"oci:{workshop.Root}/layout:image")).Succeeded();
        Assert.Empty(await List(archive));
    }

    [Fact]
    public async Task Sockets_are_left_out()
    {
        string root = await Import(TarEntry.Directory("run/"), TarEntry.File("run/file"));
        using Socket deep = Bind($"{root}/run/socket");
        using Socket top = Bind($"{root}/socket");
        string archive = $"{workshop.Root}/layout-export.tar";
        Outcome exported = await workshop.Call("export", "--output", archive, "tool");
        Assert.Equal("", exported.Succeeded().Error);
        Assert.Equal(["run/", "run/file"], await List(archive));
    }

    [Fact]
    public async Task A_file_of_nothing_but_holes_does_not_fill_the_disk()
    {
        const long Size = 1L << 40;
        string root = await Import(TarEntry.File("small", "x"));
        using (FileStream holes = File.Create($"{root}/holes"))
        {
            holes.SetLength(Size);
            holes.Position = Size - 3;
            holes.Write("end"u8);
        }
        string archive = await Export();
        Assert.InRange(new FileInfo(archive).Length, 1, 1 << 20);
        string unpacked = await ImportSpecs.Extract(workshop, archive);
        using FileStream copy = File.OpenRead($"{unpacked}/holes");
        Assert.Equal(Size, copy.Length);
        copy.Position = Size - 3;
        Assert.Equal("end", await new StreamReader(copy).ReadToEndAsync());
    }

    [Fact]
    public async Task What_is_mounted_in_the_tree_is_left_out()
    {
        string root = await Import(TarEntry.Directory("d/"), TarEntry.Directory("d/mounted/"));
        using var disk = new SmallDisk($"{root}/d/mounted", "1m");
        File.WriteAllText($"{disk.Path}/secret", "x");
        Assert.Equal(["d/", "d/mounted/"], await List(await Export()));
    }

    [Fact]
    public async Task A_mount_at_the_top_is_refused_by_name()
    {
        string root = await Import(TarEntry.Directory("mounted/"));
        using var disk = new SmallDisk($"{root}/mounted", "1m");
        Messages.AssertRefusal(await workshop.Call("export", "--output", $"{workshop.Root}/layout-export.tar", "tool"), $"{root}",
            "another filesystem is mounted on its mounted; unmount that first");
        Assert.False(File.Exists($"{workshop.Root}/layout-export.tar"));
    }

    [Fact]
    public async Task A_root_that_was_made_a_link_is_not_followed()
    {
        string root = await Import(TarEntry.File("a"));
        Directory.Move(root, $"{root}.gone");
        File.CreateSymbolicLink(root, workshop.Canary);
        Outcome refused = await workshop.Call("export", "tool");
        Assert.Equal(125, refused.Status);
        Assert.Empty(refused.Output);
    }

    [Fact]
    public async Task A_file_that_was_there_is_replaced_and_only_its_owner_may_read_the_new_one()
    {
        await Import(TarEntry.File("a", "x"));
        string directory = $"{workshop.Root}/layout-exports", file = $"{directory}/{new string('n', 250)}";
        Directory.CreateDirectory(directory);
        File.WriteAllText(file, "old");
        (await workshop.Call("export", "-o", file, "tool")).Succeeded();
        Assert.Equal(["a"], await List(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal([file], Directory.GetFileSystemEntries(directory));
    }

    [Fact]
    public async Task A_full_disk_leaves_the_old_file_and_nothing_else()
    {
        await Import(Noise());
        using var disk = new SmallDisk($"{workshop.Root}/layout-disk", "1m");
        string file = $"{disk.Path}/rootfs.tar";
        File.WriteAllText(file, "old");
        Messages.AssertRefusal(await workshop.Call("export", "--output", file, "tool"), file, "cannot be written: No space left on device; make room there");
        Assert.Equal([file], Directory.GetFileSystemEntries(disk.Path));
        Assert.Equal("old", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("/dev/full", "is no regular file")]
    [InlineData("/dev/stdout", "is no regular file")]
    [InlineData("/", "is no regular file")]
    [InlineData("/no/such/directory/file", "there is no directory /no/such/directory")]
    public async Task A_file_that_cannot_be_one_is_refused(string file, string words)
    {
        await Import(TarEntry.File("a"));
        Messages.AssertRefusal(await workshop.Call("export", "--output", file, "tool"), file, words);
    }

    [Fact]
    public async Task A_reader_that_goes_away_is_told_of()
    {
        await Import(Noise());
        var error = new StringBuilder();
        CommandResult result = await Cli.Wrap(Repository.Command).WithArguments(["export", "--data-root", workshop.Store, "tool"])
            .WithValidation(CommandResultValidation.None).WithStandardErrorPipe(PipeTarget.ToStringBuilder(error))
            .WithStandardOutputPipe(PipeTarget.Create(async (stream, cancel) =>
            {
                await stream.ReadExactlyAsync(new byte[1], cancel);
                await stream.DisposeAsync();
            }))
            .ExecuteAsync();
        Assert.Equal(125, result.ExitCode);
        Assert.Equal("podspawn-oci: standard output: cannot be written: Broken pipe; see that its reader takes all of it\n", error.ToString());
    }

    [Fact]
    public async Task An_unknown_image_is_refused_and_no_file_is_made()
    {
        string file = $"{workshop.Root}/layout-export.tar";
        Messages.AssertRefusal(await workshop.Call("export", "--output", file, "nothing:1"), "nothing:1", "no such image is in the store; podspawn-oci images lists those");
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Options_of_tar_in_the_environment_change_nothing()
    {
        await Import([.. Archives.Everything]);
        byte[] plain = File.ReadAllBytes(await Export());
        using var output = new MemoryStream();
        await Cli.Wrap(Repository.Command).WithArguments(["export", "--data-root", workshop.Store, "tool"])
            .WithEnvironmentVariables(environment => environment.Set("TAR_OPTIONS", "--exclude=bin --owner=5").Set("POSIXLY_CORRECT", "1"))
            .WithStandardOutputPipe(PipeTarget.ToStream(output)).WithStandardErrorPipe(PipeTarget.ToStream(Stream.Null)).ExecuteAsync();
        Assert.Equal(plain, output.ToArray());
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("KILL", 137)]
    public async Task An_export_that_is_ended_leaves_nothing(string signal, int status)
    {
        await Import(TarEntry.File("a"));
        // A tar that begins and never ends. Not below /tmp: a program from a directory where every user may write is not run.
        string programs = Directory.CreateDirectory($"/run/podspawn-oci-test-{Guid.NewGuid():N}").FullName;
        using var gone = new Removal(programs);
        File.WriteAllText($"{programs}/tar", "#!/bin/sh\nhead -c 1048576 /dev/zero\nexec sleep 1000\n");
        File.SetUnixFileMode($"{programs}/tar", (UnixFileMode)0x1ED);
        using var disk = new SmallDisk($"{workshop.Root}/layout-disk", "4m");
        using var end = new CancellationTokenSource(Patience);
        CommandTask<CommandResult> running = Cli.Wrap(Repository.Command).WithArguments(["export", "--data-root", workshop.Store, "--output", $"{disk.Path}/rootfs.tar", "tool"])
            .WithEnvironmentVariables(environment => environment.Set("PATH", $"{programs}:/usr/bin:/bin").Set("MARK", workshop.Root)).WithValidation(CommandResultValidation.None)
            .WithStandardErrorPipe(PipeTarget.ToStream(Stream.Null)).ExecuteAsync(end.Token);
        await Eventually.Is(true, () => new DriveInfo(disk.Path).TotalFreeSpace <= 3 << 20);
        await Cli.Wrap("kill").WithArguments([$"-{signal}", running.ProcessId.ToString(CultureInfo.InvariantCulture)]).ExecuteAsync();
        Assert.Equal(status, (await running.Task).ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(disk.Path));
        await Eventually.Is(true, () => !Processes.WithInEnvironment($"MARK={workshop.Root}").Any());
        Assert.Equal(4 << 20, new DriveInfo(disk.Path).TotalFreeSpace);
    }

    public void Dispose() => workshop.Dispose();

    private sealed class Removal(string directory) : IDisposable
    {
        public void Dispose() => Directory.Delete(directory, recursive: true);
    }

    private static TarEntry Noise()
    {
        byte[] noise = new byte[4 << 20];
        new Random(1).NextBytes(noise);
        return new TarEntry("noise") { Content = noise };
    }

    private static Socket Bind(string path)
    {
        // A path of a socket has at most 107 bytes: a link to its directory makes it short.
        string link = Path.Combine(Path.GetTempPath(), $"podspawn-{Guid.NewGuid():N}");
        File.CreateSymbolicLink(link, Path.GetDirectoryName(path)!);
        try
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint($"{link}/{Path.GetFileName(path)}"));
            return socket;
        }
        finally
        {
            File.Delete(link);
        }
    }

    private static async Task<string[]> List(string archive, params string[] flags) =>
        (await Cli.Wrap("tar").WithArguments(["--list", .. flags, $"--file={archive}"]).ExecuteBufferedAsync()).StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<string> Import(params TarEntry[] entries) =>
        workshop.RootOf((await workshop.Call("import", "--quiet", Archives.Pack(workshop, entries), "tool")).Succeeded().Lines.Single());

    private async Task<string> Export()
    {
        string file = $"{workshop.Root}/layout-{Guid.NewGuid():N}.tar";
        (await workshop.Call("export", "--output", file, "tool")).Succeeded();
        return file;
    }
}
