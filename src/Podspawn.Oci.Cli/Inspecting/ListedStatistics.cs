using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Cli.Templates;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Stats;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>
/// What a container uses as <c>stats --format json</c> prints it, in podman's names: bytes, percents of one processor and of the memory limit, numbers. Null where it
/// does not run, or where the host cannot tell; a container has no network of its own to count.
/// </summary>
internal sealed record ListedStatistics(
    string ContainerID,
    string Name,
    double? CPU,
    long? MemUsage,
    long? MemLimit,
    double? MemPerc,
    long? BlockInput,
    long? BlockOutput,
    long? PIDs,
    ListedStatisticsPart Podspawn);

/// <summary>What podman has no field for: limits; null for none.</summary>
internal sealed record ListedStatisticsPart(int Version, double? CPULimit, long? PIDsLimit);

/// <summary>Makes rows of what containers use.</summary>
internal static class ListedUses
{
    /// <summary>What a row is called in messages.</summary>
    internal const string Group = "a container in stats";

    private static readonly string[] Shown = ["Container", "ID", "CPUPerc", "MemUsage", "MemUsageBytes", "MemPerc", "NetIO", "BlockIO", "PIDS", "CPULimit", "PIDsLimit"];

    /// <summary>The names of a row's fields.</summary>
    internal static IReadOnlyCollection<string> Fields() => [.. Shown, .. JsonValues.NamesOf(InspectJson.Default.ListedStatistics)];

    /// <summary>The use as JSON has it.</summary>
    internal static ListedStatistics Of(ContainerStatistics one) => new(
        one.Id, one.Name, one.CpuPercent, one.MemoryUsage, one.MemoryLimit, one.MemoryPercent, one.DiskRead, one.DiskWritten, one.Pids,
        new ListedStatisticsPart(ContainerInspection.Version, one.CpuLimitPercent, one.PidsLimit));

    /// <summary>The use as a template sees it.</summary>
    internal static GoStruct Row(ContainerStatistics one, bool whole)
    {
        StatisticsWords words = new(one);
        GoText id = Text(whole ? one.Id : Container.Short(one.Id));
        return JsonValues.Of(Of(one), InspectJson.Default.ListedStatistics, Group, new Dictionary<string, GoValue>
        {
            ["Container"] = id,
            ["ID"] = id,
            ["CPUPerc"] = Text(words.Cpu),
            ["MemUsage"] = Text(words.Memory),
            ["MemUsageBytes"] = Text(words.Memory),
            ["MemPerc"] = Text(words.MemoryShare),
            ["NetIO"] = Text("-- / --"),
            ["BlockIO"] = Text(words.Disk),
            ["PIDS"] = Text(words.Pids),
            ["PIDs"] = Text(words.Pids),
            ["CPULimit"] = Text(words.CpuLimit),
            ["PIDsLimit"] = Text(words.PidsLimit),
        });
    }

    private static GoText Text(string text) => new(text, Foreign: true);
}
