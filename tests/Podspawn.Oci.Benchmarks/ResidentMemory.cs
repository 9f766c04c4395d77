using System.Globalization;

namespace Podspawn.Oci.Benchmarks;

/// <summary>The resident memory of a process (proc_pid_status(5), VmRSS).</summary>
internal static class ResidentMemory
{
    internal static double MegabytesOf(int processId)
    {
        string line = File.ReadLines($"/proc/{processId}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
