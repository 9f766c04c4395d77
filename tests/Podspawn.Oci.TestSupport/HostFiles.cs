using System.Runtime.InteropServices;

namespace Podspawn.Oci.TestSupport;

/// <summary>Creates files that .NET cannot create.</summary>
internal static partial class HostFiles
{
    internal static string Fifo(string path)
    {
        Assert.Equal(0, MakeFifo(path, 0x1B6));
        return path;
    }

    internal static void Own(string path, uint uid, uint gid) => Assert.Equal(0, LChown(path, uid, gid));

    internal static void Rename(string from, string to) => _ = RenameFile(from, to);

    internal static void Node(string path, uint mode, ulong device) => Assert.Equal(0, MakeNode(path, mode, device));

    internal static void Link(string file, string name) => Assert.Equal(0, HardLink(file, name));

    internal static void Attribute(string path, string name, params byte[] value) => Assert.Equal(0, SetAttribute(path, name, value, (nuint)value.Length, 0));

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "mknod", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeNode(string path, uint mode, ulong device);

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LChown(string path, uint uid, uint gid);

    [LibraryImport("libc", EntryPoint = "rename", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameFile(string from, string to);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int HardLink(string from, string to);

    [LibraryImport("libc", EntryPoint = "setxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetAttribute(string path, string name, ReadOnlySpan<byte> value, nuint size, int flags);
}
