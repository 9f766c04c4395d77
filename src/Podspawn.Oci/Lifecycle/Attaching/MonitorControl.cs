using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Lifecycle.Attaching;

/// <summary>Orders to a container's monitor.</summary>
internal static class MonitorControl
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gives the container's terminal a size; a monitor that is gone has no terminal either. Not by way of the control FIFO, from which conmon hands
    /// sizes on to this one: of two orders that it reads at once, conmon 2.1.6 carries out the first twice. So it gets one when it has read the last.
    /// </summary>
    internal static void Resize(ContainerPaths paths, int rows, int columns)
    {
        // Not waiting for a reader: one who is not there by now does not come.
        int fd = PathCalls.Open(paths.MonitorSizes, PathCalls.O_WRONLY | PathCalls.O_NONBLOCK | PathCalls.O_CLOEXEC | PathCalls.O_NOFOLLOW);
        if (fd < 0)
            return;
        using var fifo = new SafeFileHandle(fd, ownsHandle: true);
        for (DateTime end = DateTime.UtcNow + Timeout; PipeCalls.Unread(fifo) > 0 && DateTime.UtcNow < end;)
            Thread.Sleep(Poll);
        _ = TerminalCalls.Write(fd, Encoding.ASCII.GetBytes($"{rows} {columns}\n"));
    }
}
