using System.Buffers;
using System.Formats.Tar;
using System.Text;
using Podspawn.Oci.Images.Fetching;

namespace Podspawn.Oci.Tests.Images;

public sealed class GlobalHeadersSpecs
{
    private const char Global = 'g';
    private const char Long = 'l';
    private const char Looking = 'f';

    [Theory]
    [InlineData("gl")]
    [InlineData("lg")]
    [InlineData("lgfgglg")]
    [InlineData("lfl")]
    [InlineData("")]
    public void Only_headers_for_all_entries_are_taken_out_however_the_bytes_arrive(string entries)
    {
        byte[] archive = Archive(entries), wanted = Archive(entries.Replace("g", "", StringComparison.Ordinal));
        foreach (int step in new[] { 1, 7, 511, 512, 513, 1024, archive.Length })
        {
            (byte[] cleaned, bool found) = Clean(archive, step);
            Assert.Equal((step, entries.Contains(Global)), (step, found));
            Assert.True(wanted.AsSpan().SequenceEqual(cleaned), $"in steps of {step}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(700)]
    [InlineData(1300)]
    [InlineData(2900)]
    public void A_part_of_an_archive_stays_the_part_that_it_is(int length)
    {
        byte[] part = Archive("lfl")[..length];
        Assert.Equal(part, Clean(part, 100).Cleaned);
    }

    [Fact]
    public void A_header_whose_sum_is_wrong_is_left_to_whoever_reads_the_archive()
    {
        byte[] archive = Archive("gl");
        archive[0] ^= 1;
        (byte[] cleaned, bool found) = Clean(archive, 512);
        Assert.False(found);
        Assert.Equal(archive, cleaned);
    }

    [Fact]
    public void What_is_no_archive_passes_as_it_is()
    {
        byte[] noise = new byte[5000];
        new Random(1).NextBytes(noise);
        Assert.Equal(noise, Clean(noise, 333).Cleaned);
    }

    private static (byte[] Cleaned, bool Found) Clean(byte[] archive, int step)
    {
        var headers = new GlobalHeaders();
        var cleaned = new ArrayBufferWriter<byte>();
        foreach (byte[] chunk in archive.Chunk(Math.Max(step, 1)))
            headers.Pass(chunk, cleaned);
        headers.End(cleaned);
        return (cleaned.WrittenSpan.ToArray(), headers.Found);
    }

    private static byte[] Archive(string entries)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (char entry in entries)
                tar.WriteEntry(Entry(entry));
        }
        return bytes.ToArray();
    }

    private static TarEntry Entry(char kind)
    {
        if (kind == Global)
            return new PaxGlobalExtendedAttributesTarEntry(new Dictionary<string, string> { ["comment"] = "0123456789" });
        byte[] content = kind == Looking ? Archive("g")[..1024] : Encoding.ASCII.GetBytes("long\n");
        var time = DateTimeOffset.FromUnixTimeSeconds(1_600_000_000);
        return new PaxTarEntry(TarEntryType.RegularFile, kind == Long ? new string('l', 300) : "looks",
            new Dictionary<string, string> { ["mtime"] = "1600000000" }) { ModificationTime = time, DataStream = new MemoryStream(content) };
    }
}
