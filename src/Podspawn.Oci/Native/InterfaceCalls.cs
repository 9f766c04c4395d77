using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>Network interfaces of the calling thread's network namespace. /sys/class/net shows those of whoever has mounted /sys.</summary>
internal static partial class InterfaceCalls
{
    /// <summary>Whether there is an interface of that name (if_nametoindex(3)).</summary>
    internal static bool Exists(string name) => IndexOf(name) != 0;

    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint IndexOf(string name);
}
