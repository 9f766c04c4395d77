using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Lifecycle.Attaching;

/// <summary>Sends orders to a container's monitor.</summary>
internal static class MonitorControl
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Sets the size of the container's terminal; a monitor that is gone has no terminal either. The order does not go to the control FIFO, from
    /// which conmon passes sizes on to this one: of two orders that conmon 2.1.6 reads at once, it carries out the first twice. So the next order is
    /// written when conmon has read the last.
    /// </summary>
    internal static void Resize(ContainerPaths paths, int rows, int columns)
    {
        // The open does not wait for a reader: a monitor that is not reading by now never will.
        using SafeFileHandle? fifo = PathCalls.Open(paths.MonitorSizes, PathCalls.O_WRONLY | PathCalls.O_NONBLOCK | PathCalls.O_NOFOLLOW, out _);
        if (fifo is null)
            return;
        for (DateTime end = DateTime.UtcNow + Timeout; PipeCalls.Unread(fifo) > 0 && DateTime.UtcNow < end;)
            Thread.Sleep(Poll);
        _ = TerminalCalls.Write(fifo, Encoding.ASCII.GetBytes($"{rows} {columns}\n"));
    }
}
