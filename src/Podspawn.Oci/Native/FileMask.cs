using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>
/// The mode bits that new files are denied (umask(2)), which children inherit. It is the whole process's: hold one of these around the start of a
/// child, while nothing else makes files.
/// </summary>
internal readonly ref partial struct FileMask
{
    /// <summary>Group and others may not write: what runtimes give a container's first process.</summary>
    private const UnixFileMode Usual = FileModes.OthersWrite;

    private readonly UnixFileMode previous;

    private FileMask(UnixFileMode previous) => this.previous = previous;

    /// <summary>Sets the usual mask until <see cref="Dispose"/>. runc 1.1.5 passes its caller's on to what it starts in a running container.</summary>
    internal static FileMask HoldUsual() => new(SetMask(Usual));

    /// <summary>Adds the usual mask to what our caller has set, for good: no file of ours is writable to others because our caller has none.</summary>
    internal static void Tighten()
    {
        UnixFileMode caller = SetMask(Usual);
        if ((caller | Usual) != Usual)
            _ = SetMask(caller | Usual);
    }

    /// <summary>Puts back what was there before.</summary>
    public void Dispose() => _ = SetMask(previous);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial UnixFileMode SetMask(UnixFileMode mask);
}
