using System.Globalization;
using System.Text;
using Podspawn.Oci.Images.Fetching;

namespace Podspawn.Oci.Tests.Images;

public sealed class LayerDepthSpecs : IDisposable
{
    private static readonly string Deep = string.Concat(Enumerable.Repeat("a/", LayerDepth.Deepest)) + "b";
    private static readonly byte[] Hidden = [.. Pax(("path", Deep)), .. Header('0', "f", 0)];

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData('1')]
    [InlineData('2')]
    [InlineData('3')]
    [InlineData('5')]
    [InlineData('6')]
    public void A_header_does_not_hide_in_the_content_of_what_has_none(char type) => AssertFound([.. Header(type, "d", Hidden.Length), .. Hidden]);

    [Fact]
    public void A_header_does_not_hide_in_the_content_of_an_old_directory() => AssertFound([.. Header('\0', "d/", Hidden.Length), .. Hidden]);

    [Fact]
    public void A_header_does_not_hide_in_content_that_a_record_denies() =>
        AssertFound([.. Pax(("size", "0")), .. Header('0', "f", Hidden.Length), .. Hidden]);

    [Fact]
    public void A_header_does_not_hide_behind_a_record_that_a_global_one_ends() =>
        AssertFound([.. Pax(("size", Hidden.Length.ToString(CultureInfo.InvariantCulture))), .. Pax('g', ("comment", "x")), .. Header('0', "f", 0), .. Hidden]);

    [Fact]
    public void A_header_does_not_hide_behind_a_number_after_the_sizes_NUL()
    {
        byte[] header = Header('0', "f", 0);
        "0\01000\0"u8.CopyTo(header.AsSpan(124));
        AssertFound([.. header, .. Hidden]);
    }

    [Fact]
    public void A_header_does_not_hide_in_an_archive_that_begins_as_gzip_does() =>
        AssertFound([0x1f, 0x8b, 8, .. Header('0', "\0", 0).AsSpan(3), .. Hidden]);

    [Fact]
    public void The_name_of_a_file_with_holes_counts() => AssertFound([.. Pax(("GNU.sparse.name", Deep)), .. Header('0', "f", 0)]);

    [Fact]
    public void What_stands_in_a_file_is_no_header() => Assert.Null(Find([.. Header('0', "f", Hidden.Length), .. Hidden]));

    // Checked one by one, each record would be compared with a path of a million slashes.
    [Fact]
    public void Many_records_after_a_long_one_take_no_time()
    {
        (string, string)[] records = [("path", "a" + new string('/', 700_000)), .. Enumerable.Repeat(("path", "b"), 30_000)];
        Assert.Null(Find([.. Pax(records), .. Header('0', "f", 0)]));
    }

    private void AssertFound(byte[] archive) => Assert.StartsWith("a/a/a/", Find(archive), StringComparison.Ordinal);

    private string? Find(byte[] archive)
    {
        string path = $"{directory.Path}/layer.tar";
        File.WriteAllBytes(path, [.. archive, .. new byte[1024]]);
        // The limit guards against a test that would take hours.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        Task<string?> search = Task.Run(() => LayerDepth.FindTooDeep(path, limit.Token));
        Assert.True(search.Wait(TimeSpan.FromMinutes(1)), "the search takes too long");
        return search.Result;
    }

    private static byte[] Pax(params (string Key, string Value)[] records) => Pax('x', records);

    private static byte[] Pax(char type, params (string Key, string Value)[] records)
    {
        byte[] content = Encoding.UTF8.GetBytes(string.Concat(records.Select(record => Record(record.Key, record.Value))));
        return [.. Header(type, "p", content.Length), .. content, .. new byte[(512 - (content.Length % 512)) % 512]];
    }

    // The length counts its own digits.
    private static string Record(string key, string value)
    {
        int rest = key.Length + value.Length + 3, length = rest;
        while ($"{length}".Length + rest != length)
            length = $"{length}".Length + rest;
        return string.Create(CultureInfo.InvariantCulture, $"{length} {key}={value}\n");
    }

    private static byte[] Header(char type, string name, int size)
    {
        byte[] header = new byte[512];
        Encoding.Latin1.GetBytes(name).CopyTo(header, 0);
        Encoding.Latin1.GetBytes($"{Convert.ToString(size, 8).PadLeft(11, '0')}").CopyTo(header, 124);
        header[156] = (byte)type;
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        return header;
    }
}
