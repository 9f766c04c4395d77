using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podspawn.Oci.Native;

/// <summary>
/// Calls about one entry of an open directory. A single name cannot lead out of the directory, and links are never followed; so a tree can be walked
/// while a hostile process changes it. All of these return 0, or an error number.
/// </summary>
internal static unsafe partial class EntryCalls
{
    private const int LongestLink = 4096;

    /// <summary>Opens an entry; returns null and an error number where that fails.</summary>
    internal static SafeFileHandle? Open(SafeFileHandle directory, EntryName name, int flags, out int errno, UnixFileMode mode = 0)
    {
        using var held = new HeldDescriptor(directory);
        fixed (byte* start = name.Terminated)
            return DescriptorCalls.Own(RawCalls.OpenAt(held.Number, start, flags | PathCalls.O_NOFOLLOW | PathCalls.O_CLOEXEC, mode), out errno);
    }

    /// <summary>Opens a file that is open with O_PATH in another mode. Only for files that are known to be neither a device nor a FIFO.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    internal static SafeFileHandle Reopen(SafeFileHandle file, int flags) => PathCalls.Open(PathOf(file), flags, out int errno) ?? throw new IOException(Errno.Text(errno));

    /// <summary>A path on the host that leads to the very file that is open.</summary>
    internal static string PathOf(SafeFileHandle file) => $"/proc/self/fd/{(int)file.DangerousGetHandle()}";

    /// <summary>The same path for our children, which have their own descriptors.</summary>
    internal static string PathInProcess(SafeFileHandle file) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{(int)file.DangerousGetHandle()}");

    internal static int MakeDirectory(SafeFileHandle directory, EntryName name, UnixFileMode mode)
    {
        using var held = new HeldDescriptor(directory);
        fixed (byte* start = name.Terminated)
            return Number(RawCalls.MkdirAt(held.Number, start, mode));
    }

    /// <summary>Creates a socket, a FIFO or a device like another.</summary>
    internal static int MakeNode(SafeFileHandle directory, EntryName name, EntryFacts like)
    {
        // The numbers are packed as by makedev(3).
        (ulong major, ulong minor) = like.Node;
        ulong device = ((major & 0xFFFFF000) << 32) | ((major & 0xFFF) << 8) | ((minor & 0xFFFFFF00) << 12) | (minor & 0xFF);
        using var held = new HeldDescriptor(directory);
        fixed (byte* start = name.Terminated)
            return Number(RawCalls.MknodAt(held.Number, start, (uint)like.Type | (uint)FileModes.OwnersFile, device));
    }

    internal static int MakeLink(SafeFileHandle directory, EntryName name, EntryName text) => Number(SymlinkAt(text.Terminated, directory, name.Terminated));

    /// <summary>Adds a name to an open file (a hard link).</summary>
    internal static int AddName(SafeFileHandle file, SafeFileHandle directory, EntryName name) =>
        Number(LinkAt(RawCalls.AT_FDCWD, EntryName.Of(PathOf(file)).Terminated, directory, name.Terminated, RawCalls.AT_SYMLINK_FOLLOW));

    internal static int Remove(SafeFileHandle directory, EntryName name, bool isDirectory = false)
    {
        using var held = new HeldDescriptor(directory);
        fixed (byte* start = name.Terminated)
            return Number(RawCalls.UnlinkAt(held.Number, start, isDirectory ? RawCalls.AT_REMOVEDIR : 0));
    }

    /// <summary>Renames an entry within its directory, replacing an entry with the new name.</summary>
    internal static int Rename(SafeFileHandle directory, EntryName from, EntryName to)
    {
        using var held = new HeldDescriptor(directory);
        fixed (byte* start = from.Terminated, end = to.Terminated)
            return Number(RawCalls.RenameAt(held.Number, start, held.Number, end));
    }

    internal static int ChangeOwner(SafeFileHandle file, uint uid, uint gid) => Number(ChownAt(file, EntryName.Of("").Terminated, uid, gid, RawCalls.AT_EMPTY_PATH));

    internal static int ChangeMode(SafeFileHandle file, UnixFileMode mode)
    {
        using var held = new HeldDescriptor(file);
        return Number(RawCalls.FChmod(held.Number, mode));
    }

    internal static int ChangeTimes(SafeFileHandle file, FileTime accessed, FileTime modified)
    {
        FileTime* times = stackalloc FileTime[2] { accessed, modified };
        return Number(FUtimens(file, times));
    }

    internal static int ChangeTimesOfLink(SafeFileHandle directory, EntryName name, FileTime accessed, FileTime modified)
    {
        FileTime* times = stackalloc FileTime[2] { accessed, modified };
        return Number(UtimensAt(directory, name.Terminated, times, RawCalls.AT_SYMLINK_NOFOLLOW));
    }

    /// <summary>The text of a symbolic link that is open with O_PATH.</summary>
    /// <exception cref="IOException">The file is not a symbolic link.</exception>
    internal static EntryName ReadLink(SafeFileHandle link)
    {
        Span<byte> text = stackalloc byte[LongestLink];
        nint length = ReadLinkAt(link, EntryName.Of("").Terminated, text, (nuint)text.Length);
        return length >= 0 ? EntryName.Of(text[..(int)length]) : throw new IOException(Errno.Text(Marshal.GetLastPInvokeError()));
    }

    /// <summary>The names in a directory that is open for reading, in no order.</summary>
    /// <exception cref="IOException">The directory cannot be read to its end.</exception>
    internal static List<EntryName> List(SafeFileHandle directory)
    {
        const int BufferSize = 32 * 1024;
        var names = new List<EntryName>();
        using var held = new HeldDescriptor(directory);
        byte[] room = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            fixed (byte* buffer = room)
            {
                var entries = new DirectoryEntries(held.Number, buffer, BufferSize);
                while (entries.MoveNext())
                    names.Add(EntryName.Of(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entries.Name)));
                return entries.HasFailed ? throw new IOException(Errno.Text(Marshal.GetLastPInvokeError())) : names;
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(room);
        }
    }

    private static int Number(int result) => result == 0 ? 0 : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    private static partial int SymlinkAt(ReadOnlySpan<byte> text, SafeFileHandle directory, ReadOnlySpan<byte> name);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    private static partial int LinkAt(int fromDirectory, ReadOnlySpan<byte> from, SafeFileHandle directory, ReadOnlySpan<byte> name, int flags);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true)]
    private static partial int ChownAt(SafeFileHandle directory, ReadOnlySpan<byte> name, uint uid, uint gid, int flags);

    [LibraryImport("libc", EntryPoint = "futimens", SetLastError = true)]
    private static partial int FUtimens(SafeFileHandle file, FileTime* times);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    private static partial int UtimensAt(SafeFileHandle directory, ReadOnlySpan<byte> name, FileTime* times, int flags);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    private static partial nint ReadLinkAt(SafeFileHandle directory, ReadOnlySpan<byte> name, Span<byte> text, nuint length);
}
