using CsCheck;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Tests.Text;

public sealed class ByteSizeSpecs
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0g", 0)]
    [InlineData("0.0", 0)]
    [InlineData("0e5", 0)]
    [InlineData("42", 42)]
    [InlineData("42b", 42)]
    [InlineData("42B", 42)]
    [InlineData("1k", 1024)]
    [InlineData("1KB", 1024)]
    [InlineData("1KiB", 1024)]
    [InlineData("1m", 1 << 20)]
    [InlineData("1mb", 1 << 20)]
    [InlineData("1g", 1 << 30)]
    [InlineData("1t", 1L << 40)]
    [InlineData("1p", 1L << 50)]
    [InlineData("1.5g", 3L << 29)]
    [InlineData(".5k", 512)]
    [InlineData("2.k", 2048)]
    [InlineData("2 gb", 2L << 30)]
    [InlineData("  2g  ", 2L << 30)]
    [InlineData("1e9", 1_000_000_000)]
    [InlineData("1e3k", 1_024_000)]
    [InlineData("1.3k", 1331)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("8191p", 8191L << 50)]
    public void A_size_is_read(string text, long expected)
    {
        Assert.True(ByteSize.TryParse(text, out long bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("g")]
    [InlineData(".")]
    [InlineData("-1")]
    [InlineData("-1g")]
    [InlineData("+1g")]
    [InlineData("1x")]
    [InlineData("1gg")]
    [InlineData("1bb")]
    [InlineData("1gibi")]
    [InlineData("1  g")]
    [InlineData("1.2.3")]
    [InlineData("1,5g")]
    [InlineData("0x10")]
    [InlineData("1_000")]
    [InlineData("1e")]
    [InlineData("1eg")]
    [InlineData("0.5")]
    [InlineData("0.0001k")]
    [InlineData("1e-400g")]
    [InlineData("1e400")]
    [InlineData("9223372036854775808")]
    [InlineData("8192p")]
    [InlineData("99999999999999999999999999999999999")]
    [InlineData("nan")]
    [InlineData("inf")]
    [InlineData("50%")]
    public void What_is_no_size_is_refused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Fact]
    public void Any_whole_number_of_a_unit_is_that_many_bytes() =>
        Gen.Select(Gen.Long[0, 1L << 42], Gen.Int[0, 2]).Sample((number, power) =>
        {
            string unit = power == 0 ? "" : "km"[power - 1].ToString();
            Assert.True(ByteSize.TryParse($"{number}{unit}", out long bytes));
            Assert.Equal(number << (10 * power), bytes);
        });

    [Fact]
    public void No_text_above_zero_becomes_zero_and_none_becomes_negative() =>
        Gen.String[Gen.Char["0123456789.eE+-kmgtpib "], 0, 12].Sample(text =>
        {
            if (!ByteSize.TryParse(text, out long bytes))
                return;
            Assert.True(bytes >= 0);
            int exponent = text.IndexOfAny(['e', 'E']);
            if (bytes == 0)
                Assert.DoesNotContain(exponent < 0 ? text : text[..exponent], c => c is >= '1' and <= '9');
        });
    [Theory]
    [InlineData(0, "0B")]
    [InlineData(999, "999B")]
    [InlineData(1000, "1kB")]
    [InlineData(4_860_000, "4.86MB")]
    [InlineData(141_606_912, "142MB")]
    [InlineData(999_600, "1MB")]
    [InlineData(12_340_000_000, "12.3GB")]
    public void A_size_is_shown_with_three_digits(long bytes, string text) => Assert.Equal(text, ByteSize.Format(bytes));

    [Theory]
    [InlineData("1.033m", 1_033_000, "1.033MB")]
    [InlineData("10k", 10_000, "10kB")]
    [InlineData("512", 512, "512B")]
    [InlineData("12.345g", 12_345_000_000, "12.35GB")]
    [InlineData("123.4mb", 123_400_000, "123.4MB")]
    public void What_docker_counts_in_decimal_units_is_read_and_shown_so(string text, long expected, string shown)
    {
        Assert.True(ByteSize.TryParse(text, out long bytes, ByteSize.DecimalUnit));
        Assert.Equal((expected, shown), (bytes, ByteSize.FormatSet(bytes)));
    }
}
