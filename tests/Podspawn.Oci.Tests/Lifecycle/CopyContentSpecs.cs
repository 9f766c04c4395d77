using System.Security.Cryptography;
using Podspawn.Oci.Lifecycle.Copying;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>What a copy preserves.</summary>
public sealed class CopyContentSpecs : IDisposable
{
    private readonly CopyBench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void Modes_times_and_bytes_are_kept()
    {
        byte[] content = RandomNumberGenerator.GetBytes(3_000_000);
        File.WriteAllBytes($"{bench.Source}/file", content);
        File.SetUnixFileMode($"{bench.Source}/file", UnixFileMode.UserRead | UnixFileMode.GroupExecute);
        DateTime time = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc($"{bench.Source}/file", time);
        Assert.Equal(content.Length, bench.Copy("file", "copy"));
        Assert.Equal(content, File.ReadAllBytes($"{bench.Target}/copy"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupExecute, File.GetUnixFileMode($"{bench.Target}/copy"));
        Assert.Equal(time, File.GetLastWriteTimeUtc($"{bench.Target}/copy"));
    }

    [Fact]
    public void Times_of_directories_and_links_are_kept()
    {
        CopyBench.Write(bench.Source, "tree/in", "x");
        File.CreateSymbolicLink($"{bench.Source}/tree/link", "in");
        Tool.Run("touch", "-h", "-d", "2001-02-03T04:05:06Z", $"{bench.Source}/tree/link", $"{bench.Source}/tree");
        bench.Copy("tree", "copy");
        Assert.Equal("981173106 981173106", Tool.Run("stat", "-c", "%Y", $"{bench.Target}/copy", $"{bench.Target}/copy/link").Replace('\n', ' ').Trim());
    }

    [Fact]
    public void Holes_stay_holes()
    {
        const long Size = 1L << 30;
        using (FileStream file = File.Create($"{bench.Source}/sparse"))
        {
            file.SetLength(Size);
            file.Position = Size / 2;
            file.Write("data"u8);
        }
        bench.Copy("sparse", "copy");
        using FileStream copy = File.OpenRead($"{bench.Target}/copy");
        Assert.Equal(Size, copy.Length);
        copy.Position = Size / 2;
        byte[] data = new byte[4];
        copy.ReadExactly(data);
        Assert.Equal("data"u8.ToArray(), data);
        Assert.True(long.Parse(Tool.Run("stat", "-c", "%b", $"{bench.Target}/copy"), System.Globalization.CultureInfo.InvariantCulture) < 10_000);
    }

    [Fact]
    public void Files_with_several_names_keep_them()
    {
        CopyBench.Write(bench.Source, "tree/one", "content");
        Tool.Run("ln", $"{bench.Source}/tree/one", $"{bench.Source}/tree/two");
        bench.Copy("tree", "copy");
        string[] inodes = Tool.Run("stat", "-c", "%i", $"{bench.Target}/copy/one", $"{bench.Target}/copy/two").Split('\n');
        Assert.Equal(inodes[0], inodes[1]);
        bench.Extract(bench.Archive("tree"), "/");
        inodes = Tool.Run("stat", "-c", "%i", $"{bench.Target}/tree/one", $"{bench.Target}/tree/two").Split('\n');
        Assert.Equal(inodes[0], inodes[1]);
    }

    [Fact]
    public void What_was_there_keeps_its_other_names()
    {
        CopyBench.Write(bench.Source, "file", "new");
        CopyBench.Write(bench.Target, "file", "old");
        Tool.Run("ln", $"{bench.Target}/file", $"{bench.Target}/other");
        bench.Copy("file", "file");
        Assert.Equal(("new", "old"), (File.ReadAllText($"{bench.Target}/file"), File.ReadAllText($"{bench.Target}/other")));
    }

    [Fact]
    public void Owners_and_setuid_bits_come_to_the_host_only_when_asked_for()
    {
        CopyBench.Write(bench.Source, "tree/tool", "x");
        Tool.Run("chown", "-R", "1234:5678", $"{bench.Source}/tree");
        Tool.Run("chmod", "6755", $"{bench.Source}/tree/tool");
        bench.Copy("tree", "plain", new CopyOptions { ToHost = true });
        bench.Copy("tree", "archive", new CopyOptions { ToHost = true, Archive = true });
        Assert.Equal("0:0 755", Tool.Run("stat", "-c", "%u:%g %a", $"{bench.Target}/plain/tool").Trim());
        Assert.Equal("1234:5678 6755", Tool.Run("stat", "-c", "%u:%g %a", $"{bench.Target}/archive/tool").Trim());
        Assert.Equal("0:0 1234:5678", Tool.Run("stat", "-c", "%u:%g", $"{bench.Target}/plain", $"{bench.Target}/archive").Replace('\n', ' ').Trim());
    }

    [Fact]
    public void Devices_fifos_and_sockets_are_left_out_and_told_of()
    {
        Directory.CreateDirectory($"{bench.Source}/tree");
        Tool.Run("mkfifo", $"{bench.Source}/tree/fifo");
        Tool.Run("mknod", $"{bench.Source}/tree/device", "c", "1", "3");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint($"{bench.Source}/tree/socket"));
        bench.Copy("tree", "copy");
        Assert.Empty(Directory.GetFileSystemEntries($"{bench.Target}/copy"));
        Assert.Equal(["c:tree/device: is a device, which is not copied", "c:tree/fifo: is a FIFO, which is not copied", "c:tree/socket: is a socket, which is not copied"],
            bench.Warnings.Order());
        bench.Warnings.Clear();
        bench.Archive("tree");
        Assert.Equal(3, bench.Warnings.Count);
    }

    [Fact]
    public void Names_that_are_not_text_are_kept()
    {
        Directory.CreateDirectory($"{bench.Source}/tree");
        using CopyTree tree = CopyBench.Open($"{bench.Source}/tree");
        EntryCalls.Open(tree.Root, EntryName.Of([0xff, 0xfe]), PathCalls.O_WRONLY | PathCalls.O_CREAT, out _, FileModes.PublicFile)!.Dispose();
        EntryCalls.MakeLink(tree.Root, EntryName.Of([0xfd]), EntryName.Of([0xff, 0xfe]));
        bench.Copy("tree", "copy");
        using CopyTree copy = CopyBench.Open($"{bench.Target}/copy");
        using var read = EntryCalls.Reopen(copy.Root, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY);
        Assert.Equal(["FD", "FFFE"], EntryCalls.List(read).Select(name => Convert.ToHexString(name.Bytes)).Order());
        bench.Archive("tree");
        Assert.Equal(2, bench.Warnings.Count(warning => warning.Contains("UTF-8", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_archive_is_one_that_tar_reads_and_the_other_way_round()
    {
        CopyBench.Write(bench.Source, $"tree/{new string('n', 200)}", "long");
        CopyBench.Write(bench.Source, "tree/sub/in", "content");
        File.CreateSymbolicLink($"{bench.Source}/tree/link", "/etc/passwd");
        Tool.Run("chown", "-h", "1234:5678", $"{bench.Source}/tree/sub/in");
        File.WriteAllBytes($"{bench.Host}/a.tar", bench.Archive("tree"));
        Assert.Equal(
            [$"1234/5678 tree/sub/in", $"0/0 tree/", "0/0 tree/link -> /etc/passwd", $"0/0 tree/{new string('n', 200)}", "0/0 tree/sub/"],
            Tool.Run("tar", "--numeric-owner", "-tvf", $"{bench.Host}/a.tar").Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => { string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries); return $"{words[1]} {string.Join(' ', words[5..])}"; })
                .OrderByDescending(line => line.StartsWith("1234", StringComparison.Ordinal)).ThenBy(line => line, StringComparer.Ordinal));
        Tool.Run("tar", "-C", bench.Source, "-cf", $"{bench.Host}/b.tar", "tree");
        bench.Extract(File.ReadAllBytes($"{bench.Host}/b.tar"), "/", new CopyOptions { Archive = true });
        Assert.Equal("content", File.ReadAllText($"{bench.Target}/tree/sub/in"));
        Assert.Equal("1234:5678", Tool.Run("stat", "-c", "%u:%g", $"{bench.Target}/tree/sub/in").Trim());
        Assert.Equal("/etc/passwd", new FileInfo($"{bench.Target}/tree/link").LinkTarget);
    }
}
