using System.Globalization;

namespace Podspawn.Oci.Benchmarks;

/// <summary>
/// The growth of memory that eviction cannot free while something runs (proc_meminfo(5)): the memory of all processes, whichever process started
/// them, and the kernel's for them. MemAvailable would do, but moves by tens of megabytes with the page cache.
/// </summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private static readonly string[] Kinds = ["AnonPages", "Shmem", "SUnreclaim", "KernelStack", "PageTables", "Percpu"];

    private readonly Thread thread;
    private readonly long before = Held();
    private long most;
    private volatile bool ended;

    internal MemoryWatch()
    {
        thread = new Thread(Watch) { IsBackground = true };
        thread.Start();
    }

    internal double PeakMegabytes()
    {
        Dispose();
        return Math.Max(0, most - before) / 1024.0;
    }

    public void Dispose()
    {
        ended = true;
        thread.Join();
    }

    private void Watch()
    {
        while (!ended)
        {
            most = Math.Max(most, Held());
            Thread.Sleep(Interval);
        }
    }

    private static long Held() => File.ReadLines("/proc/meminfo").Select(line => line.Split(':'))
        .Where(field => Kinds.Contains(field[0]))
        .Sum(field => long.Parse(field[1].AsSpan().Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture));
}
