using System.Text;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Tests.Text;

public sealed class InstantSpecs
{
    private const long Second = 1_000_000_000;

    [Theory]
    [InlineData("1970-01-01T00:00:01Z", Second)]
    [InlineData("1970-01-01T00:00:01.5Z", Second + (Second / 2))]
    [InlineData("1970-01-01T00:00:00.123456789Z", 123456789)]
    [InlineData("1970-01-01T00:00:00.1234567891234Z", 123456789)]
    [InlineData("1970-01-01T02:00:00.000000001+02:00", 1)]
    [InlineData("1969-12-31T23:00:00-01:00", 0)]
    public void The_times_of_logs_are_read_to_the_nanosecond(string text, long nanoseconds)
    {
        Assert.True(Instant.TryReadRfc3339(Encoding.ASCII.GetBytes(text), out Instant instant));
        Assert.Equal(nanoseconds, instant.Nanoseconds);
        Assert.Equal(instant, Instant.Parse(text, "--since"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-05-04")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2026-02-30T00:00:00Z")]
    [InlineData("2026-01-01T25:00:00Z")]
    [InlineData("2026-01-01T00:00:00.Z")]
    [InlineData("2026-01-01T00:00:00.5")]
    [InlineData("2026-01-01T00:00:00")]
    [InlineData("2026-01-01T00:00:00+100")]
    [InlineData("2026-01-01T00:00:00+1:00")]
    public void Anything_else_is_no_time_of_a_log(string text) => Assert.False(Instant.TryReadRfc3339(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Spans_lead_back_from_now_or_on()
    {
        const long Hour = 3600 * Second;
        Assert.InRange(Instant.Now.Nanoseconds - Instant.Parse("1h", "--since").Nanoseconds, Hour - (60 * Second), Hour + (60 * Second));
        Assert.InRange(Instant.Parse("1h", "--until", ahead: true).Nanoseconds - Instant.Now.Nanoseconds, Hour - (60 * Second), Hour + (60 * Second));
    }

    [Fact]
    public void What_is_no_time_is_refused_with_the_flags_name() =>
        Assert.StartsWith("--since: ", Assert.Throws<ContainerException>(() => Instant.Parse("yesterday", "--since")).Message, StringComparison.Ordinal);
}
