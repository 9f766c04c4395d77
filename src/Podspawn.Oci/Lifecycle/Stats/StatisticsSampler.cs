using System.Diagnostics;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Host;
using Podspawn.Oci.Host.Probing;

namespace Podspawn.Oci.Lifecycle.Stats;

/// <summary>Samples repeatedly what containers use. Containers that come and go in the meantime are not an error.</summary>
public sealed class StatisticsSampler
{
    private readonly ContainerRegistry registry;
    private readonly bool all;
    private readonly IReadOnlyList<string>? ids;
    private readonly CgroupLayout layout = CgroupProbe.Layout();
    private readonly long hostMemory = HostProbe.Read().MemoryBytes;
    private Dictionary<string, CpuReading> last = [];

    /// <summary>Starts with the named containers, or with all.</summary>
    /// <param name="registry">The containers.</param>
    /// <param name="names">Names or ids; empty for every running container.</param>
    /// <param name="all">Whether stopped containers are included, where none is named.</param>
    /// <exception cref="ContainerException">There is no such container.</exception>
    public StatisticsSampler(ContainerRegistry registry, IReadOnlyList<string> names, bool all)
    {
        this.registry = registry;
        this.all = all;
        ids = names.Count == 0 ? null : [.. names.Select(name => registry.Find(name).Id).Distinct()];
    }

    /// <summary>Takes a sample. Containers that were named and are gone are left out.</summary>
    public IReadOnlyList<ContainerStatistics> Look()
    {
        IEnumerable<Container> containers = ids is null
            ? registry.All().Where(container => all || container.HasProcess)
            : ids.Select(registry.Read).OfType<Container>();
        var readings = new Dictionary<string, CpuReading>();
        ContainerStatistics[] statistics = [.. containers.Select(container => Of(container, readings))];
        last = readings;
        return statistics;
    }

    private ContainerStatistics Of(Container container, Dictionary<string, CpuReading> readings)
    {
        var statistics = new ContainerStatistics { Id = container.Id, Name = container.Name };
        if (!container.HasProcess || LimitedCgroup.Of(container.Definition.Cgroup, container.Driver.Traits) is not { } cgroup)
            return statistics;
        var files = new CgroupFiles(layout, cgroup);
        double? cpu = null;
        if (files.CpuTime is { } time)
        {
            var reading = new CpuReading(time, Stopwatch.GetTimestamp());
            readings[container.Id] = reading;
            cpu = last.TryGetValue(container.Id, out CpuReading before) ? reading.PercentSince(before) : null;
        }
        bool sentry = container.Driver.Traits.Kernel == SystemCallHandler.Sentry;
        (long Read, long Written)? disk = files.Disk;
        return statistics with
        {
            CpuPercent = cpu,
            CpuLimitPercent = files.CpuLimit is >= 0 and var cpus ? (double)(cpus * 100) : null,
            MemoryUsage = files.Memory,
            MemoryLimit = files.MemoryLimit is not { } limit ? null : limit < 0 ? hostMemory : Math.Min(limit, hostMemory),
            DiskRead = disk?.Read,
            DiskWritten = disk?.Written,
            Pids = sentry ? SentryStatistics.Pids(container) : files.Pids,
            PidsLimit = sentry ? SentryStatistics.PidsLimit(container) : files.PidsLimit is >= 0 and var pids ? pids : null,
        };
    }
}

/// <summary>The processor time at a moment.</summary>
/// <param name="Nanoseconds">The time used up to then.</param>
/// <param name="Timestamp">The moment, in ticks of <see cref="Stopwatch"/>.</param>
internal readonly record struct CpuReading(long Nanoseconds, long Timestamp)
{
    /// <summary>The time used since then, in percent of one processor; null where the container was restarted in between.</summary>
    internal double? PercentSince(CpuReading before)
    {
        double elapsed = Stopwatch.GetElapsedTime(before.Timestamp, Timestamp).TotalNanoseconds;
        return elapsed > 0 && Nanoseconds >= before.Nanoseconds ? (Nanoseconds - before.Nanoseconds) / elapsed * 100 : null;
    }
}
