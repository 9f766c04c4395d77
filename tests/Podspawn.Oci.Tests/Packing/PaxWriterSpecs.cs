using System.Formats.Tar;
using Podspawn.Oci.Native;
using Podspawn.Oci.Packing;

namespace Podspawn.Oci.Tests.Packing;

/// <summary>Archives that other programs read as they were meant.</summary>
public sealed class PaxWriterSpecs : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose()
    {
        TreeRemoval.Remove($"{directory.Path}/out");
        directory.Dispose();
    }

    [Fact]
    public void Every_fact_of_a_file_comes_back()
    {
        string name = $"d/{new string('n', 300)}";
        EntryFacts facts = Facts(0x1ED) with { Uid = 3_000_000, Gid = 2_000_000_000, Size = 5, Modified = new FileTime(1_700_000_000, 123_456_789) };
        PaxTarEntry read = Assert.IsType<PaxTarEntry>(Read(tar => tar.WriteFile(Bytes(name), facts, [], new MemoryStream("hello"u8.ToArray()))).Single());
        Assert.Equal((name, TarEntryType.RegularFile, 5L), (read.Name, read.EntryType, read.Length));
        Assert.Equal((3_000_000, (UnixFileMode)0x1ED), (read.Uid, read.Mode));
        Assert.Equal(("2000000000", "1700000000.123456789"), (read.ExtendedAttributes["gid"], read.ExtendedAttributes["mtime"]));
    }

    [Fact]
    public void A_file_that_has_become_shorter_is_padded()
    {
        TarEntry read = Read(tar =>
        {
            tar.WriteFile("a"u8, Facts(0x1A4) with { Size = 600 }, [], new MemoryStream([1]));
            tar.Write("b"u8, '2', Facts(0x1FF), "target"u8, []);
        }).Last();
        Assert.Equal(("b", TarEntryType.SymbolicLink, "target"), (read.Name, read.EntryType, read.LinkName));
    }

    [Fact]
    public void Names_and_attributes_that_are_no_text_reach_the_disk_through_tar()
    {
        byte[] name = [0xff, (byte)'n', 0xfe];
        byte[] value = [0, 0xff, (byte)'\n', (byte)'=', 0x80];
        using (FileStream file = File.Create($"{directory.Path}/a.tar"))
        {
            var tar = new PaxWriter(file);
            tar.WriteFile(name, Facts(0x1A4) with { Size = 1 }, [new FileAttribute("user.bytes"u8.ToArray(), value)], new MemoryStream([7]));
            tar.End();
        }
        Directory.CreateDirectory($"{directory.Path}/out");
        Tool.Run("tar", "--extract", $"--file={directory.Path}/a.tar", $"--directory={directory.Path}/out", "--xattrs", "--xattrs-include=*");
        using var made = OpenFiles.Open($"{directory.Path}/out", PathCalls.O_RDONLY | PathCalls.O_DIRECTORY);
        EntryName there = Assert.Single(EntryCalls.List(made));
        Assert.Equal(name, there.Bytes.ToArray());
        using var opened = EntryCalls.Open(made, there, PathCalls.O_PATH, out _)!;
        FileAttribute attribute = AttributeCalls.Read(opened).Single(attribute => attribute.Text == "user.bytes");
        Assert.Equal(value, attribute.Value);
    }

    [Theory]
    [InlineData(5, 0, "5")]
    [InlineData(5, 500_000_000, "5.5")]
    [InlineData(-2, 500_000_000, "-1.5")]
    [InlineData(-1, 0, "-1")]
    [InlineData(-1, 250_000_000, "-0.75")]
    public void A_time_before_1970_counts_backwards(long seconds, long nanoseconds, string text) => Assert.Equal(text, PaxWriter.Time(new FileTime(seconds, nanoseconds)));

    private static EntryFacts Facts(int mode) => default(EntryFacts) with { Mode = mode, Modified = new FileTime(1, 0) };

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static List<TarEntry> Read(Action<PaxWriter> write)
    {
        using var archive = new MemoryStream();
        var writer = new PaxWriter(archive);
        write(writer);
        writer.End();
        archive.Position = 0;
        using var tar = new TarReader(archive, leaveOpen: true);
        var entries = new List<TarEntry>();
        while (tar.GetNextEntry(copyData: true) is { } entry)
            entries.Add(entry);
        return entries;
    }
}
