using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>Network interfaces of the calling thread's network namespace. /sys/class/net shows those of whoever has mounted /sys.</summary>
internal static partial class InterfaceCalls
{
    /// <summary>Whether there is an interface of that name (if_nametoindex(3)).</summary>
    internal static bool Exists(string name) => IndexOf(name) != 0;

    /// <summary>The name of the interface with a number; null where there is none (if_indextoname(3)).</summary>
    internal static unsafe string? NameOf(int index)
    {
        const int IFNAMSIZ = 16; // net/if.h
        byte* name = stackalloc byte[IFNAMSIZ];
        return NameOf((uint)index, name) == null ? null : Marshal.PtrToStringUTF8((nint)name);
    }

    [LibraryImport("libc", EntryPoint = "if_indextoname")]
    private static unsafe partial byte* NameOf(uint index, byte* name);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint IndexOf(string name);
}
