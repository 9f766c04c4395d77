using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Another number for an open file, which children that are started meanwhile inherit.</summary>
internal sealed partial class InheritedDescriptor : IDisposable
{
    private readonly SafeFileHandle copy;

    internal InheritedDescriptor(SafeFileHandle file)
    {
        int number = Duplicate(file);
        copy = number >= 0
            ? new SafeFileHandle(number, ownsHandle: true)
            : throw new IOException($"cannot duplicate a descriptor: {Errno.Text(Marshal.GetLastPInvokeError())}");
        Number = number;
    }

    /// <summary>The number, here and in the children.</summary>
    internal int Number { get; }

    public void Dispose() => copy.Dispose();

    // dup(2), unlike F_DUPFD_CLOEXEC, leaves the copy open across execve(2).
    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(SafeFileHandle file);
}
