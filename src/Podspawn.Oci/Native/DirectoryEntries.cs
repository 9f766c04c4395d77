namespace Podspawn.Oci.Native;

/// <summary>Reads an open directory entry by entry (getdents64(2)), without "." and "..". An entry is valid until the next one is read.</summary>
/// <param name="directory">The directory, open for reading.</param>
/// <param name="buffer">Room for entries, at an address that does not change.</param>
/// <param name="size">The size of that room in bytes; at least 280, the largest entry.</param>
internal unsafe ref struct DirectoryEntries(int directory, byte* buffer, int size)
{
    // struct linux_dirent64: inode (8), offset (8), record length (2), type (1), name.
    private const int LengthOffset = 16;
    private const int TypeOffset = 18;
    private const int NameOffset = 19;
    private const byte DT_DIR = 4;

    private byte* entry;
    private byte* next;
    private byte* end;

    /// <summary>The name, which ends with a NUL.</summary>
    internal readonly byte* Name => entry + NameOffset;

    /// <summary>Whether the kernel says that it is a directory; some filesystems say nothing.</summary>
    internal readonly bool IsDirectory => entry[TypeOffset] == DT_DIR;

    /// <summary>Whether the last read failed; the error number is the caller's thread's.</summary>
    internal bool HasFailed { get; private set; }

    /// <summary>Reads the next entry; false at the end, and after a failure.</summary>
    internal bool MoveNext()
    {
        do
        {
            if (next == end)
            {
                nint length = SystemCalls.Call(SystemCalls.Getdents64, directory, (nint)buffer, size);
                HasFailed = length < 0;
                if (length <= 0)
                    return false;
                next = buffer;
                end = buffer + length;
            }
            entry = next;
            next += *(ushort*)(entry + LengthOffset);
        }
        while (Name[0] == '.' && (Name[1] == 0 || (Name[1] == '.' && Name[2] == 0)));
        return true;
    }
}
