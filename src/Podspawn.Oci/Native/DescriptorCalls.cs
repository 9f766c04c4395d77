using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Descriptors (fcntl(2)).</summary>
internal static partial class DescriptorCalls
{
    private const int F_DUPFD_CLOEXEC = 1030;
    private const int FirstBeyondStandardStreams = 3;

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int fd, int command, int argument);

    /// <summary>Another descriptor for the same open file, which children do not inherit.</summary>
    internal static SafeFileHandle Duplicate(int fd)
    {
        int copy = Control(fd, F_DUPFD_CLOEXEC, FirstBeyondStandardStreams);
        return copy >= 0 ? new SafeFileHandle(copy, ownsHandle: true) : throw new IOException($"cannot duplicate descriptor {fd}: {Errno.Text(Marshal.GetLastPInvokeError())}");
    }
}
