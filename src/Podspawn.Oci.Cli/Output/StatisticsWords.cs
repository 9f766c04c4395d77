using System.Globalization;
using Podspawn.Oci.Lifecycle.Stats;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Output;

/// <summary>What a container uses, in docker's words.</summary>
/// <param name="one">What it uses.</param>
internal readonly struct StatisticsWords(ContainerStatistics one)
{
    private const string Unknown = "--";

    private bool Runs => one.MemoryUsage is not null || one.Pids is not null;

    internal string Cpu => Percent(one.CpuPercent);

    internal string CpuLimit => Runs ? Limit(one.CpuLimitPercent, value => Percent(value)) : Unknown;

    internal string Memory => $"{Amount(one.MemoryUsage, Binary)} / {Amount(one.MemoryLimit, Binary)}";

    internal string MemoryShare => Percent(one.MemoryPercent);

    internal string Disk => $"{Amount(one.DiskRead, ByteSize.Format)} / {Amount(one.DiskWritten, ByteSize.Format)}";

    internal string Pids => Amount(one.Pids, Number);

    internal string PidsLimit => Runs ? Limit(one.PidsLimit, Number) : Unknown;

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
