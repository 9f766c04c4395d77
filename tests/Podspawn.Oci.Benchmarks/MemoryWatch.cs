using System.Globalization;

namespace Podspawn.Oci.Benchmarks;

/// <summary>How far the memory that the host still has to give (proc_meminfo(5), MemAvailable) falls while something goes on: all processes count, whoever started them.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly Thread thread;
    private readonly long before = Available();
    private long least = long.MaxValue;
    private volatile bool ended;

    internal MemoryWatch()
    {
        thread = new Thread(Watch) { IsBackground = true };
        thread.Start();
    }

    internal double PeakMegabytes()
    {
        Dispose();
        return (before - Math.Min(least, before)) / 1024.0;
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
            least = Math.Min(least, Available());
            Thread.Sleep(Interval);
        }
    }

    private static long Available()
    {
        string line = File.ReadLines("/proc/meminfo").First(text => text.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
