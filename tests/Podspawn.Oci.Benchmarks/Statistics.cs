using System.Globalization;

namespace Podspawn.Oci.Benchmarks;

/// <summary>The calculations and output of the benchmarks.</summary>
internal static class Statistics
{
    internal static double Median(IEnumerable<double> values)
    {
        List<double> sorted = [.. values.Order()];
        int middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The median of paired ratios: a slowdown of both in a pair does not count.</summary>
    internal static double MedianRatio(IEnumerable<double> ours, IEnumerable<double> theirs) => Median(ours.Zip(theirs, (a, b) => a / b));

    internal static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
