using System.Formats.Tar;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>A tree that was built, and is changed, to make a copy reach the host.</summary>
public sealed class HostileCopySpecs : IDisposable
{
    private readonly CopyBench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("link/secret")]
    [InlineData("up/host/secret")]
    [InlineData("up/../host/secret")]
    [InlineData("../host/secret")]
    [InlineData("../../../../../../etc/passwd")]
    [InlineData("proc/self/root/etc/passwd")]
    public void No_path_reads_from_the_host(string path)
    {
        Plant(bench.Source);
        Assert.Throws<ContainerException>(() => bench.Copy(path, "copy"));
        bench.AssertHostUntouched();
    }

    [Fact]
    public void Links_within_a_tree_are_copied_not_followed()
    {
        Plant(bench.Source);
        bench.Copy("/", "copy");
        Assert.Equal(bench.Host, new FileInfo($"{bench.Target}/copy/link").LinkTarget);
        bench.AssertHostUntouched();
    }

    [Theory]
    [InlineData("link/new")]
    [InlineData("up/host/new")]
    [InlineData("file/new")]
    public void No_path_writes_to_the_host(string path)
    {
        CopyBench.Write(bench.Source, "file", "content");
        Plant(bench.Target);
        try
        {
            bench.Copy("file", path);
        }
        catch (ContainerException)
        {
        }
        bench.AssertHostUntouched();
    }

    [Fact]
    public void A_link_at_the_targets_name_is_resolved_within_its_root()
    {
        CopyBench.Write(bench.Source, "file", "content");
        File.CreateSymbolicLink($"{bench.Target}/name", $"{bench.Host}/secret");
        Assert.Throws<ContainerException>(() => bench.Copy("file", "name"));
        File.Delete($"{bench.Target}/name");
        File.CreateSymbolicLink($"{bench.Target}/name", "/../../../made");
        bench.Copy("file", "name");
        Assert.Equal("content", File.ReadAllText($"{bench.Target}/made"));
        bench.AssertHostUntouched();
    }

    [Fact]
    public void Links_where_a_tree_goes_are_replaced_or_refused()
    {
        CopyBench.Write(bench.Source, "tree/secret", "content");
        CopyBench.Write(bench.Source, "tree/sub/secret", "content");
        Directory.CreateDirectory($"{bench.Target}/tree");
        File.CreateSymbolicLink($"{bench.Target}/tree/secret", $"{bench.Host}/secret");
        File.CreateSymbolicLink($"{bench.Target}/tree/sub", bench.Host);
        Assert.Contains("a symbolic link has this name at the target: file exists", Assert.Throws<ContainerException>(() => bench.Copy("tree", "/")).Message, StringComparison.Ordinal);
        bench.AssertHostUntouched();
    }

    [Fact]
    public void Archives_do_not_lead_out()
    {
        Plant(bench.Target);
        // Within the root there is no such directory.
        Assert.Throws<ContainerException>(() => bench.Extract(Archive(("link/new", null)), "/"));
        Assert.Throws<ContainerException>(() => bench.Extract(Archive(("../new", null)), "/"));
        bench.Extract(Archive(("/abs", null), ("evil", bench.Host), ("evil2", "../host")), "/");
        Assert.Throws<ContainerException>(() => bench.Extract(Archive(("evil/new", null)), "/"));
        Assert.Throws<ContainerException>(() => bench.Extract(Archive(("evil2/new", null)), "/"));
        Assert.Throws<ContainerException>(() => bench.Extract(HardLink("name", "link/secret"), "/"));
        Assert.Equal("content", File.ReadAllText($"{bench.Target}/abs"));
        bench.AssertHostUntouched();
    }

    /// <summary>What the kernel takes for the name ends at the NUL: it is not what was looked at.</summary>
    [Theory]
    [InlineData("..\0y")]
    [InlineData("..\0y/x")]
    [InlineData("a/..\0y")]
    public void A_NUL_in_an_archives_name_does_not_lead_out(string name)
    {
        string outside = Path.GetDirectoryName(bench.Target)!;
        UnixFileMode before = File.GetUnixFileMode(outside);
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, name) { Mode = (UnixFileMode)0x1FF });
        Assert.Contains("NUL", Assert.Throws<ContainerException>(() => bench.Extract(archive.ToArray(), "/")).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.GetUnixFileMode(outside));
        bench.AssertHostUntouched();
    }

    [Fact]
    public void A_NUL_in_what_a_link_of_an_archive_leads_to_is_refused()
    {
        foreach (byte[] archive in new[] { Archive(("link", "..\0y")), HardLink("name", "..\0y") })
            Assert.Contains("NUL", Assert.Throws<ContainerException>(() => bench.Extract(archive, "/")).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(bench.Target));
    }

    /// <summary>Whoever comes by another way than an archive finds the name itself refused.</summary>
    [Fact]
    public void A_name_with_a_NUL_is_none()
    {
        Assert.Throws<ArgumentException>(() => EntryName.Of("..\0y"));
        Assert.Throws<ArgumentException>(() => EntryName.Of(".\0"u8));
        Assert.Equal("..", EntryName.Of("..").Text);
    }

    [Theory]
    [InlineData('S', 1, "not supported")] // GNU's old sparse file
    [InlineData('x', 8_000_000_000, "must be a (compressed) tar archive")]
    public void A_header_that_is_not_read_is_refused_in_words(char type, long size, string word) =>
        Assert.Contains(word, Assert.Throws<ContainerException>(() => bench.Extract(Header(type, size), "/")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_tree_of_great_depth_is_refused()
    {
        Directory.CreateDirectory($"{bench.Source}/tree/{string.Join('/', Enumerable.Repeat("d", 350))}");
        foreach (Action copy in new Action[] { () => bench.Copy("tree", "copy"), () => bench.Archive("tree") })
            Assert.Contains("directories deep", Assert.Throws<ContainerException>(copy).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("garbage that is no archive, and longer than the five hundred and twelve bytes of one header of one")]
    public void What_is_no_archive_is_refused(string text)
    {
        byte[] archive = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, 20)));
        Assert.Contains("tar archive", Assert.Throws<ContainerException>(() => bench.Extract(archive, "/")).Message, StringComparison.Ordinal);
        byte[] good = Archive(("file", null));
        Assert.Throws<ContainerException>(() => bench.Extract(good[..600], "/"));
    }

    [Fact]
    public void A_directory_that_is_swapped_for_a_link_all_the_time_leads_nowhere_else()
    {
        CopyBench.Write(bench.Source, "tree/d/in", "content");
        CopyBench.Write(bench.Source, "file", "content");
        CopyBench.Write(bench.Target, "d/in", "content");
        File.CreateSymbolicLink($"{bench.Source}/tree/l", bench.Host);
        File.CreateSymbolicLink($"{bench.Target}/l", bench.Host);
        using var stop = new CancellationTokenSource();
        Thread[] swappers = [Swap($"{bench.Source}/tree", stop.Token), Swap(bench.Target, stop.Token)];
        int copied = 0;
        foreach (int _ in RaceTries.Of(500, () => copied > 100))
        {
            copied += Try(() => bench.Copy("tree", "copy"));
            copied += Try(() => bench.Copy("tree/d/in", "one"));
            copied += Try(() => bench.Copy("tree/d/secret", "two"));
            copied += Try(() => bench.Copy("file", "d/new"));
            copied += Try(() => bench.Extract(Archive(("d/new", null), ("d/secret", null)), "/"));
            copied += Try(() => bench.Archive("tree"));
        }
        stop.Cancel();
        foreach (Thread swapper in swappers)
            swapper.Join();
        Assert.True(copied > 100);
        bench.AssertHostUntouched();
    }

    private static int Try(Action copy)
    {
        try
        {
            copy();
            return 1;
        }
        catch (ContainerException)
        {
            return 0;
        }
    }

    private static Thread Swap(string directory, CancellationToken stop)
    {
        var thread = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                HostFiles.Rename($"{directory}/d", $"{directory}/x");
                HostFiles.Rename($"{directory}/l", $"{directory}/d");
                HostFiles.Rename($"{directory}/d", $"{directory}/l");
                HostFiles.Rename($"{directory}/x", $"{directory}/d");
            }
        });
        thread.Start();
        return thread;
    }

    private void Plant(string root)
    {
        File.CreateSymbolicLink($"{root}/link", bench.Host);
        File.CreateSymbolicLink($"{root}/up", "..");
        Directory.CreateDirectory($"{root}/proc");
        File.CreateSymbolicLink($"{root}/proc/self", "/proc/self");
    }

    private static byte[] Archive(params (string Name, string? Link)[] entries)
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach ((string name, string? link) in entries)
            {
                tar.WriteEntry(link is null
                    ? new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("content"u8.ToArray()) }
                    : new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = link });
            }
        }
        return archive.ToArray();
    }

    // One header of the format that all others extend (pax(1), "ustar Interchange Format"), and nothing after it.
    private static byte[] Header(char type, long size)
    {
        byte[] header = new byte[512];
        void Write(int at, string text) => System.Text.Encoding.ASCII.GetBytes(text, header.AsSpan(at));
        Write(0, "file");
        Write(100, "0000644\00000000\00000000\0");
        Write(124, Convert.ToString(size, 8).PadLeft(11, '0'));
        Write(136, "00000000000\0        ");
        header[156] = (byte)type;
        Write(257, "ustar\000");
        Write(148, Convert.ToString(header.Sum(value => value), 8).PadLeft(6, '0') + "\0 ");
        return header;
    }

    private static byte[] HardLink(string name, string target)
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, name) { LinkName = target });
        return archive.ToArray();
    }
}
