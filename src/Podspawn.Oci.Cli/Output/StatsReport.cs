using Podspawn.Oci.Cli.Inspecting;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Stats;

namespace Podspawn.Oci.Cli.Output;

/// <summary>Prints what containers use, in docker's words.</summary>
/// <param name="whole">Whether ids are shown in full.</param>
/// <param name="format">The form.</param>
/// <param name="screen">The terminal to draw on; null for one table after another.</param>
/// <param name="once">Whether there will be only one table.</param>
internal sealed class StatsReport(bool whole, OutputFormat format, LiveScreen? screen, bool once)
{
    /// <summary>Shows the statistics. False where the output has lost its reader.</summary>
    internal bool TryShow(IReadOnlyList<ContainerStatistics> statistics)
    {
        try
        {
            if (format.IsJson && once)
                Json.Write(Listed(statistics), InspectJson.Default.IReadOnlyListListedStatistics);
            else if (format.IsJson)
                Json.WriteLine(Listed(statistics), InspectJson.Default.IReadOnlyListListedStatistics);
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

    private static IReadOnlyList<ListedStatistics> Listed(IReadOnlyList<ContainerStatistics> statistics) => [.. statistics.Select(ListedUses.Of)];

    private IEnumerable<string> Table(IReadOnlyList<ContainerStatistics> statistics)
    {
        if (format.Template is { } template)
            return template.Render([.. statistics.Select(one => ListedUses.Row(one, whole))]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var table = new TextTable("CONTAINER ID", "NAME", "CPU %", "CPU LIMIT", "MEM USAGE / LIMIT", "MEM %", "BLOCK I/O", "PIDS", "PIDS LIMIT");
        foreach (ContainerStatistics one in statistics)
        {
            var words = new StatisticsWords(one);
            table.Add(whole ? one.Id : Container.Short(one.Id), one.Name, words.Cpu, words.CpuLimit, words.Memory, words.MemoryShare, words.Disk, words.Pids, words.PidsLimit);
        }
        return table.Lines();
    }
}
