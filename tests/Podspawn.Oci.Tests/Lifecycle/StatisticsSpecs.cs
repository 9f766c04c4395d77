using System.Diagnostics;
using Podspawn.Oci.Lifecycle.Stats;

namespace Podspawn.Oci.Tests.Lifecycle;

/// <summary>What containers use, computed from two samples and from the Sentry's answer.</summary>
public sealed class StatisticsSpecs
{
    [Theory]
    [InlineData(0, 500_000_000, 1.0, 50.0)]
    [InlineData(0, 2_000_000_000, 1.0, 200.0)]
    [InlineData(700, 700, 1.0, 0.0)]
    [InlineData(1_000_000_000, 1_500_000_000, 0.5, 100.0)]
    public void Processor_time_is_told_in_percent_of_one_processor(long before, long after, double seconds, double percent)
    {
        CpuReading first = new(before, 1000), second = new(after, 1000 + (long)(seconds * Stopwatch.Frequency));
        Assert.Equal(percent, second.PercentSince(first)!.Value, precision: 3);
    }

    [Fact]
    public void A_container_that_began_anew_in_between_has_no_figure_yet() => Assert.Null(new CpuReading(5, 2000).PercentSince(new CpuReading(6, 1000)));

    [Theory]
    [InlineData("""{"type":"stats","id":"box","data":{"cpu":{"usage":{"total":1}},"pids":{"current":2}}}""", 2L)]
    [InlineData("""{"data":{"pids":{}}}""", null)]
    [InlineData("""{"data":7}""", null)]
    [InlineData("[]", null)]
    [InlineData("", null)]
    public void The_sentrys_processes_are_read_from_its_answer(string answer, long? pids) => Assert.Equal(pids, SentryStatistics.PidsIn(answer));

    [Fact]
    public void Memory_is_told_in_percent_of_what_it_may_use()
    {
        var statistics = new ContainerStatistics { Id = "1", Name = "box", MemoryUsage = 1 << 20, MemoryLimit = 4 << 20 };
        Assert.Equal(25.0, statistics.MemoryPercent);
        Assert.Null((statistics with { MemoryLimit = null }).MemoryPercent);
    }
}
