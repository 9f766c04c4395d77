using System.Runtime.InteropServices;
using System.Text;

namespace Podspawn.Oci.ImageTests.Crafting;

/// <summary>Calls for reading trees whose names may be any bytes: a path is a string here in which each character stands for one byte.</summary>
internal static unsafe partial class TreeCalls
{
    private const int AT_FDCWD = -100;
    private const int AT_SYMLINK_NOFOLLOW = 0x100;
    private const uint StatxBasic = 0x7FF;

    // struct statx is the same on all architectures (statx(2)).
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct Facts
    {
        [FieldOffset(16)] internal uint Links;
        [FieldOffset(20)] internal uint Uid;
        [FieldOffset(24)] internal uint Gid;
        [FieldOffset(28)] internal ushort Mode;
        [FieldOffset(32)] internal ulong Inode;
        [FieldOffset(40)] internal ulong Size;
        [FieldOffset(48)] internal ulong Blocks;
        [FieldOffset(96)] internal long ChangeSeconds;
        [FieldOffset(104)] internal uint ChangeNanoseconds;
        [FieldOffset(112)] internal long ModifySeconds;
        [FieldOffset(120)] internal uint ModifyNanoseconds;
        [FieldOffset(128)] internal uint DeviceMajor;
        [FieldOffset(132)] internal uint DeviceMinor;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatX(int directory, byte* path, int flags, uint mask, Facts* facts);

    [LibraryImport("libc", EntryPoint = "opendir", SetLastError = true)]
    private static partial nint OpenDirectory(byte* path);

    [LibraryImport("libc", EntryPoint = "readdir", SetLastError = true)]
    private static partial byte* ReadDirectory(nint directory);

    [LibraryImport("libc", EntryPoint = "closedir", SetLastError = true)]
    private static partial int CloseDirectory(nint directory);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true)]
    private static partial nint ReadLink(byte* path, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "llistxattr", SetLastError = true)]
    private static partial nint ListAttributes(byte* path, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "lgetxattr", SetLastError = true)]
    private static partial nint GetAttribute(byte* path, byte* name, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int OpenFile(byte* path, int flags);

    internal static Facts FactsOf(string path)
    {
        Facts facts;
        fixed (byte* bytes = Bytes(path))
            Check(StatX(AT_FDCWD, bytes, AT_SYMLINK_NOFOLLOW, StatxBasic, &facts), path);
        return facts;
    }

    internal static IReadOnlyList<string> NamesIn(string path)
    {
        const int NameOffset = 19; // of struct dirent (readdir(3))
        nint directory;
        fixed (byte* bytes = Bytes(path))
            directory = OpenDirectory(bytes);
        Check(directory == 0 ? -1 : 0, path);
        var names = new List<string>();
        for (byte* entry = ReadDirectory(directory); entry is not null; entry = ReadDirectory(directory))
        {
            string name = Encoding.Latin1.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + NameOffset));
            if (name is not ("." or ".."))
                names.Add(name);
        }
        _ = CloseDirectory(directory);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    internal static string TargetOf(string path)
    {
        byte[] buffer = new byte[4096];
        fixed (byte* bytes = Bytes(path), start = buffer)
            return Encoding.Latin1.GetString(buffer, 0, (int)Check(ReadLink(bytes, start, (nuint)buffer.Length), path));
    }

    internal static IReadOnlyDictionary<string, byte[]> AttributesOf(string path)
    {
        var found = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        byte[] buffer = new byte[65536];
        fixed (byte* bytes = Bytes(path), start = buffer)
        {
            int length = (int)Check(ListAttributes(bytes, start, (nuint)buffer.Length), path);
            foreach (string name in Encoding.Latin1.GetString(buffer, 0, length).Split('\0', StringSplitOptions.RemoveEmptyEntries))
            {
                fixed (byte* nameBytes = Bytes(name))
                    found[name] = buffer[..(int)Check(GetAttribute(bytes, nameBytes, start, (nuint)buffer.Length), path)];
            }
        }
        return found;
    }

    internal static Stream OpenRead(string path)
    {
        fixed (byte* bytes = Bytes(path))
            return new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(Check(OpenFile(bytes, 0x80000), path), ownsHandle: true), FileAccess.Read);
    }

    private static byte[] Bytes(string path) => [.. Encoding.Latin1.GetBytes(path), 0];

    private static nint Check(nint result, string path) =>
        result >= 0 ? result : throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
}
