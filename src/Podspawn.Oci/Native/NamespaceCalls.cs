using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Entering the namespaces of another process (setns(2)).</summary>
internal static partial class NamespaceCalls
{
    internal const int CLONE_NEWIPC = 0x08000000;
    internal const int CLONE_NEWNET = 0x40000000;

    /// <summary>Moves the calling thread, and no other, into a namespace of a process; false where the kernel refuses, or the process has ended.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="file">The namespace, by its name in /proc/PID/ns.</param>
    /// <param name="type">The type that it must have.</param>
    internal static bool Enter(int pid, string file, int type)
    {
        using SafeFileHandle? space = PathCalls.Open($"/proc/{pid}/ns/{file}", PathCalls.O_RDONLY, out _);
        return space is not null && SetNamespace(space, type) == 0;
    }

    /// <summary>setns(2).</summary>
    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    internal static partial int SetNamespace(SafeFileHandle space, int type);
}
