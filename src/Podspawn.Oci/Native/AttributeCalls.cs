using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Extended attributes (xattr(7)).</summary>
internal static partial class AttributeCalls
{
    /// <summary>Whether an open file has an attribute of one letter with that value.</summary>
    internal static bool Has(SafeFileHandle file, string name, char value)
    {
        Span<byte> got = stackalloc byte[2];
        return Get(file, name, got, (nuint)got.Length) == 1 && got[0] == value;
    }

    [LibraryImport("libc", EntryPoint = "fgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Get(SafeFileHandle file, string name, Span<byte> value, nuint size);
}
