using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Images.Exporting;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;

namespace Podspawn.Oci.Tests.RootFilesystems;

/// <summary>A copy of a root filesystem has everything that the original has, and nothing of the host.</summary>
public sealed class LayerCopySpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private int copies;

    public LayerCopySpecs()
    {
        directory.Make("root");
        directory.Write("host/secret", "secret");
    }

    private string Root => $"{directory.Path}/root";

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_copy_has_owners_modes_times_attributes_links_and_devices_of_the_original()
    {
        directory.Write("root/bin/tool", "tool", (UnixFileMode)0x9ED);
        HostFiles.Own($"{Root}/bin/tool", 5, 6);
        File.SetUnixFileMode($"{Root}/bin/tool", (UnixFileMode)0x9ED);
        // cap_net_raw+ep, version 2 (capabilities(7)).
        HostFiles.Attribute($"{Root}/bin/tool", "security.capability", 1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        HostFiles.Attribute($"{Root}/bin", "trusted.mark", 1, 2, 3);
        HostFiles.Link($"{Root}/bin/tool", $"{Root}/bin/twin");
        HostFiles.Link($"{Root}/bin/tool", $"{Root}/third");
        directory.Link("root/up", "../host/secret");
        HostFiles.Own($"{Root}/up", 7, 8);
        HostFiles.Attribute($"{Root}/bin/twin", "user.note", 9);
        HostFiles.Node(path: $"{Root}/zero", mode: 0x2000 | 0x1A4, device: 0x105);
        HostFiles.Fifo($"{Root}/fifo");
        directory.Make("root/shut/empty");
        File.SetUnixFileMode($"{Root}/shut", (UnixFileMode)0x200);
        File.SetLastWriteTimeUtc($"{Root}/bin/tool", new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddTicks(7));
        File.SetLastWriteTimeUtc($"{Root}/bin", DateTime.UnixEpoch.AddDays(-5));
        File.SetUnixFileMode(Root, (UnixFileMode)0x1E8);
        string copy = Copy();
        Assert.Equal(Archive(Root), Archive(copy));
        Assert.Equal((UnixFileMode)0x1E8, File.GetUnixFileMode(copy));
        Assert.False(Directory.Exists($"{copy}.twins"));
        File.SetUnixFileMode(copy, (UnixFileMode)0x1C0);
    }

    [Fact]
    public void A_socket_is_made_anew_and_holes_stay_holes()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint($"{Root}/socket"));
        using (FileStream holes = File.Create($"{Root}/holes"))
        {
            holes.SetLength(1L << 40);
            holes.Position = 1L << 39;
            holes.Write("middle"u8);
        }
        string copy = Copy();
        Assert.Equal(0xC000, FileKind.FactsOf($"{copy}/socket")?.Type);
        using FileStream copied = File.OpenRead($"{copy}/holes");
        Assert.Equal(1L << 40, copied.Length);
        copied.Position = 1L << 39;
        byte[] middle = new byte[6];
        copied.ReadExactly(middle);
        Assert.Equal("middle"u8.ToArray(), middle);
    }

    [Fact]
    public void Names_that_are_no_text_are_copied()
    {
        using (SafeFileHandle root = OpenDirectory(Root))
            EntryCalls.Open(root, EntryName.Of([0xff, 0xfe, (byte)'\n']), PathCalls.O_WRONLY | PathCalls.O_CREAT, out _, FileModes.OwnersFile)!.Dispose();
        string copy = Copy();
        using SafeFileHandle made = OpenDirectory(copy);
        Assert.Equal(new byte[] { 0xff, 0xfe, (byte)'\n' }, Assert.Single(EntryCalls.List(made)).Bytes.ToArray());
        TreeRemoval.Remove(copy);
        TreeRemoval.Remove(Root);
    }

    [Fact]
    public void A_tree_of_great_depth_is_refused()
    {
        directory.Make($"root/{string.Join('/', Enumerable.Repeat("d", 350))}");
        Assert.Contains("directories deep", Assert.Throws<IOException>(Copy).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_and_a_file_that_are_swapped_for_links_all_the_time_bring_nothing_of_the_host()
    {
        directory.Write("root/d/secret", "own");
        directory.Write("root/file", "own");
        directory.Link("root/dl", $"{directory.Path}/host");
        directory.Link("root/fl", $"{directory.Path}/host/secret");
        using var stop = new CancellationTokenSource();
        var swapper = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                foreach ((string real, string link) in new[] { ("d", "dl"), ("file", "fl") })
                {
                    HostFiles.Rename($"{Root}/{real}", $"{directory.Path}/x");
                    HostFiles.Rename($"{Root}/{link}", $"{Root}/{real}");
                    HostFiles.Rename($"{Root}/{real}", $"{Root}/{link}");
                    HostFiles.Rename($"{directory.Path}/x", $"{Root}/{real}");
                }
            }
        });
        swapper.Start();
        int whole = 0;
        foreach (int _ in RaceTries.Of(1500, () => whole > 10))
        {
            try
            {
                string copy = Copy();
                whole++;
                foreach (string file in Directory.EnumerateFiles(copy, "*",
                    new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
                    Assert.Equal("own", File.ReadAllText(file));
                TreeRemoval.Remove(copy);
            }
            catch (IOException e) when (e.Message.Contains("vanished", StringComparison.Ordinal))
            {
            }
        }
        stop.Cancel();
        swapper.Join();
        Assert.True(whole > 10, $"{whole} copies");
    }

    private string Copy()
    {
        string copy = $"{directory.Path}/copy{copies++}";
        Directory.CreateDirectory(copy);
        using RootFilesystem root = RootFilesystem.Open(Root);
        LayerCopy.Make(root.Directory, copy, $"{copy}.twins");
        return copy;
    }

    private static byte[] Archive(string tree)
    {
        using var archive = new MemoryStream();
        Assert.Empty(TreeExport.Write(tree, archive));
        return archive.ToArray();
    }

    private static SafeFileHandle OpenDirectory(string path) =>
        OpenFiles.Open(path, PathCalls.O_RDONLY | PathCalls.O_DIRECTORY);
}
