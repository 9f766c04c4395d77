using System.Globalization;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Host.Probing;

/// <summary>Reads the limits from a cgroup's directory. Each method returns -1 for no limit, and null where the controller has no such file there.</summary>
internal static class CgroupLimits
{
    // Version 1 shows this for no limit: the largest number of whole pages.
    private const long UnlimitedMemory = long.MaxValue - 4095;

    /// <summary>The limit on tasks.</summary>
    internal static long? Pids(string directory) => Number($"{directory}/pids.max");

    /// <summary>The memory limit in bytes.</summary>
    internal static long? Memory(string directory, bool version2) => version2
        ? Number($"{directory}/memory.max")
        : Number($"{directory}/memory.limit_in_bytes") is { } bytes ? bytes >= UnlimitedMemory ? -1 : bytes : null;

    /// <summary>The limit on processors.</summary>
    internal static decimal? Cpus(string directory, bool version2) => version2 ? CpusOfVersion2(directory) : CpusOfVersion1(directory);

    /// <summary>The number in a file; -1 for <c>max</c>.</summary>
    internal static long? Number(string file) => SmallFile.Read(file)?.Trim() switch
    {
        "max" => -1,
        { } text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => number,
        _ => null,
    };

    private static decimal? CpusOfVersion1(string directory) =>
        Number($"{directory}/cpu.cfs_quota_us") is not { } quota ? null
        : quota < 0 ? -1
        : Number($"{directory}/cpu.cfs_period_us") is { } period and > 0 ? (decimal)quota / period
        : null;

    private static decimal? CpusOfVersion2(string directory) => SmallFile.Read($"{directory}/cpu.max")?.Trim().Split(' ') switch
    {
        ["max", ..] => -1,
        [var quota, var period] when long.TryParse(quota, out long q) && long.TryParse(period, out long p) && p > 0 => (decimal)q / p,
        _ => null,
    };
}
