using System.Text;
using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Containers;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Lifecycle.Attaching;

/// <summary>Orders to a container's monitor.</summary>
internal static class MonitorControl
{
    /// <summary>Gives the container's terminal a size; a monitor that is gone has no terminal either.</summary>
    internal static void Resize(ContainerPaths paths, int rows, int columns)
    {
        // Not waiting for a reader: one who is not there by now does not come.
        int fd = PathCalls.Open(paths.MonitorControl, PathCalls.O_WRONLY | PathCalls.O_NONBLOCK | PathCalls.O_CLOEXEC | PathCalls.O_NOFOLLOW);
        if (fd < 0)
            return;
        using var fifo = new SafeFileHandle(fd, ownsHandle: true);
        _ = TerminalCalls.Write(fd, Encoding.ASCII.GetBytes($"1 {rows} {columns}\n"));
    }
}
