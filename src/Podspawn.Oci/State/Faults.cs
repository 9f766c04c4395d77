using System.Diagnostics;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.State;

/// <summary>
/// Places where a test may end this process by SIGKILL: after one step of a container's life and before the next. In a build without the symbol
/// FAULTS no call of this remains.
/// </summary>
internal static class Faults
{
    /// <summary>The variable that names the place at which the process ends.</summary>
    private const string End = "PODSPAWN_OCI_FAULT";

    /// <summary>The variable that names a file, to which the names of all places that are passed are appended.</summary>
    private const string Journal = "PODSPAWN_OCI_FAULT_JOURNAL";

    /// <summary>A place between two steps.</summary>
    [Conditional("FAULTS")]
    internal static void Point(string name)
    {
        if (Environment.GetEnvironmentVariable(Journal) is { Length: > 0 } journal)
            File.AppendAllText(journal, $"{name}\n");
        if (Environment.GetEnvironmentVariable(End) == name)
        {
            ProcessCalls.Kill(Environment.ProcessId, SignalNumber.SIGKILL);
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
