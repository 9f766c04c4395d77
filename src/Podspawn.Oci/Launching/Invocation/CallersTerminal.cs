using Podspawn.Oci.Native;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>Our caller's terminal.</summary>
internal static class CallersTerminal
{
    /// <summary>Whether we have a controlling terminal, whose signals go to our whole process group.</summary>
    internal static bool IsControlling()
    {
        int fd = PathCalls.Open("/dev/tty", PathCalls.O_RDONLY | PathCalls.O_CLOEXEC | PathCalls.O_NONBLOCK);
        return fd >= 0 && DescriptorCalls.Close(fd);
    }
}
