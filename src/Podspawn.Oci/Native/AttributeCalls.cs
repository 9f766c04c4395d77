using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>Extended attributes (xattr(7)), file capabilities and access lists among them.</summary>
internal static partial class AttributeCalls
{
    private const int Largest = 64 * 1024; // XATTR_LIST_MAX and XATTR_SIZE_MAX

    /// <summary>Whether an open file has an attribute of one letter with that value.</summary>
    internal static bool Has(SafeFileHandle file, string name, char value)
    {
        Span<byte> got = stackalloc byte[2];
        return Get(file, name, got, (nuint)got.Length) == 1 && got[0] == value;
    }

    /// <summary>
    /// Copies the attributes of one open file to another; either may be open with O_PATH. Attributes that the target's filesystem, or a security
    /// module, does not accept are left out, as by cp --archive. Returns 0, or an error number.
    /// </summary>
    internal static int Copy(SafeFileHandle from, SafeFileHandle to)
    {
        // By a path in proc(5), since the kernel accepts no descriptor with O_PATH here.
        string source = EntryCalls.PathOf(from);
        nint length = List(source, default, 0);
        if (length <= 0)
            return length == 0 || Marshal.GetLastPInvokeError() == Errno.ENOTSUP ? 0 : Marshal.GetLastPInvokeError();
        string target = EntryCalls.PathOf(to);
        byte[] names = new byte[Largest], value = new byte[Largest];
        length = List(source, names, Largest);
        if (length < 0)
            return Marshal.GetLastPInvokeError();
        for (int start = 0; start < length;)
        {
            int end = Array.IndexOf(names, (byte)0, start) + 1;
            ReadOnlySpan<byte> name = names.AsSpan(start, end - start);
            start = end;
            nint size = Get(source, name, value, Largest);
            // An attribute that is gone by now is skipped.
            if (size < 0)
                continue;
            if (Set(target, name, value, (nuint)size, 0) != 0 && Marshal.GetLastPInvokeError() is var errno && errno is not (Errno.ENOTSUP or Errno.EPERM))
                return errno;
        }
        return 0;
    }

    /// <summary>The attributes of an open file, which may be open with O_PATH; none where its filesystem has none, or the kernel refuses.</summary>
    internal static IReadOnlyList<FileAttribute> Read(SafeFileHandle file)
    {
        string path = EntryCalls.PathOf(file);
        if (List(path, default, 0) <= 0)
            return [];
        byte[] names = new byte[Largest], value = new byte[Largest];
        nint length = List(path, names, Largest);
        var found = new List<FileAttribute>();
        for (int start = 0; start < length;)
        {
            int end = Array.IndexOf(names, (byte)0, start) + 1;
            nint size = Get(path, names.AsSpan(start, end - start), value, Largest);
            // An attribute that is gone by now is skipped.
            if (size >= 0)
                found.Add(new FileAttribute(names[start..(end - 1)], value[..(int)size]));
            start = end;
        }
        return found;
    }

    /// <summary>Gives an open file, which may be open with O_PATH, an attribute. Returns 0, or an error number.</summary>
    internal static int Write(SafeFileHandle file, FileAttribute attribute) =>
        Set(EntryCalls.PathOf(file), [.. attribute.Name, 0], attribute.Value, (nuint)attribute.Value.Length, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "fgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Get(SafeFileHandle file, string name, Span<byte> value, nuint size);

    [LibraryImport("libc", EntryPoint = "getxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Get(string path, ReadOnlySpan<byte> name, Span<byte> value, nuint size);

    [LibraryImport("libc", EntryPoint = "listxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint List(string path, Span<byte> names, nuint size);

    [LibraryImport("libc", EntryPoint = "setxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(string path, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, nuint size, int flags);
}
