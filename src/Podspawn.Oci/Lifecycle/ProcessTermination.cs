using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.State.Records;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Waits for the end of processes that need not be our children.</summary>
internal static class ProcessTermination
{
    /// <summary>Waits for the end of a process.</summary>
    /// <returns>False where it did not end in time.</returns>
    internal static bool Await(ProcessIdentity process, TimeSpan timeout)
    {
        using SafeFileHandle? open = process.Open();
        int milliseconds = timeout == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Clamp(timeout.TotalMilliseconds, 0, int.MaxValue);
        return open is null || ProcessCalls.AwaitEnd(open, milliseconds);
    }

    /// <summary>Kills a process, and waits until it is gone.</summary>
    internal static void Force(ProcessIdentity process)
    {
        using SafeFileHandle? open = process.Open();
        if (open is not null && ProcessCalls.SendSignal(open, Signals.Kill))
            ProcessCalls.AwaitEnd(open);
    }
}
