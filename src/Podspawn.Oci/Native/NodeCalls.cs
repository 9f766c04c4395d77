using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>Device files by their path (mknod(2)).</summary>
internal static partial class NodeCalls
{
    /// <summary>Creates a character device; returns -1 and sets the errno where that fails.</summary>
    internal static int MakeCharacterDevice(string path, UnixFileMode mode, ulong device) => Mknod(path, FileKind.CharacterDevice | (uint)mode, device);

    [LibraryImport("libc", EntryPoint = "mknod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mknod(string path, uint typeAndMode, ulong device);
}
