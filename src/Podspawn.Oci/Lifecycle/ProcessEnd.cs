using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Containers.Records;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle;

/// <summary>Ends of processes that need not be our children.</summary>
internal static class ProcessEnd
{
    /// <summary>Waits for one.</summary>
    /// <returns>False where it did not come in time.</returns>
    internal static bool Await(ProcessIdentity process, TimeSpan patience)
    {
        using SafeFileHandle? open = process.Open();
        int milliseconds = patience == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Clamp(patience.TotalMilliseconds, 0, int.MaxValue);
        return open is null || ProcessCalls.AwaitEnd(open, milliseconds);
    }

    /// <summary>Kills one, and waits until it is gone.</summary>
    internal static void Force(ProcessIdentity process)
    {
        using SafeFileHandle? open = process.Open();
        if (open is not null && ProcessCalls.SendSignal(open, Signals.Kill))
            ProcessCalls.AwaitEnd(open);
    }
}
