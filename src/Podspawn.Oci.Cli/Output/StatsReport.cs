using System.Globalization;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Stats;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Output;

/// <summary>Prints what containers use, in docker's words.</summary>
/// <param name="whole">Whether ids are shown in full.</param>
/// <param name="json">Whether as JSON.</param>
/// <param name="screen">The terminal to draw on; null for one table after another.</param>
/// <param name="once">Whether there will be only one table.</param>
internal sealed class StatsReport(bool whole, bool json, LiveScreen? screen, bool once)
{
    private const string Unknown = "--";

    /// <summary>Shows the statistics. False where the output has lost its reader.</summary>
    internal bool TryShow(IReadOnlyList<ContainerStatistics> statistics)
    {
        try
        {
            if (json && once)
                Json.Write(statistics, JsonReports.Default.IReadOnlyListContainerStatistics);
            else if (json)
                Json.WriteLine(statistics, JsonReports.Default.IReadOnlyListContainerStatistics);
            else if (screen is not null)
                screen.Show(Table(statistics));
            else
                Streams.Output.Write(string.Concat(Table(statistics).Select(line => $"{line}\n")));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private IEnumerable<string> Table(IReadOnlyList<ContainerStatistics> statistics)
    {
        var table = new TextTable("CONTAINER ID", "NAME", "CPU %", "CPU LIMIT", "MEM USAGE / LIMIT", "MEM %", "BLOCK I/O", "PIDS", "PIDS LIMIT");
        foreach (ContainerStatistics one in statistics)
        {
            bool runs = one.MemoryUsage is not null || one.Pids is not null;
            table.Add(
                whole ? one.Id : Container.Short(one.Id),
                one.Name,
                Percent(one.CpuPercent),
                runs ? Limit(one.CpuLimitPercent, value => Percent(value)) : Unknown,
                $"{Amount(one.MemoryUsage, Binary)} / {Amount(one.MemoryLimit, Binary)}",
                Percent(one.MemoryPercent),
                $"{Amount(one.DiskRead, ByteSize.Format)} / {Amount(one.DiskWritten, ByteSize.Format)}",
                Amount(one.Pids, Number),
                runs ? Limit(one.PidsLimit, Number) : Unknown);
        }
        return table.Lines();
    }

    // Docker's format: four digits, and units of 1024.
    private static string Binary(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        double value = bytes;
        int unit = 0;
        for (; value >= 1024 && unit < units.Length - 1; unit++)
            value /= 1024;
        return value.ToString("G4", CultureInfo.InvariantCulture) + units[unit];
    }

    private static string Percent(double? value) => value is { } number ? $"{number.ToString("0.00", CultureInfo.InvariantCulture)}%" : Unknown;

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Amount(long? value, Func<long, string> text) => value is { } number ? text(number) : Unknown;

    private static string Limit<T>(T? value, Func<T, string> text)
        where T : struct => value is { } number ? text(number) : "unlimited";
}
