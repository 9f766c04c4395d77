using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>Device files by their path (mknod(2)).</summary>
internal static partial class NodeCalls
{
    /// <summary>Creates a device file; -1 with the errno set where that fails.</summary>
    [LibraryImport("libc", EntryPoint = "mknod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Mknod(string path, uint mode, ulong device);
}
