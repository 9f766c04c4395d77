using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>Our caller's terminal.</summary>
internal static class CallersTerminal
{
    /// <summary>Whether we have a controlling terminal, whose signals go to our whole process group.</summary>
    internal static bool IsControlling()
    {
        using SafeFileHandle? terminal = PathCalls.Open("/dev/tty", PathCalls.O_RDONLY | PathCalls.O_NONBLOCK, out _);
        return terminal is not null;
    }
}
