using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>
/// The mode bits that new files are denied (umask(2)), which children inherit. The mask belongs to the whole process: hold one of these around the
/// start of a child, while no other thread creates files.
/// </summary>
internal readonly ref partial struct FileMask
{
    /// <summary>Group and others may not write: the mask that runtimes give a container's first process.</summary>
    private const UnixFileMode Usual = FileModes.OthersWrite;

    private readonly UnixFileMode previous;

    private FileMask(UnixFileMode previous) => this.previous = previous;

    /// <summary>Sets the usual mask until <see cref="Dispose"/>. runc 1.1.5 passes its caller's mask on to processes that it starts in a running container.</summary>
    internal static FileMask HoldUsual() => new(SetMask(Usual));

    /// <summary>Adds the usual mask to our caller's, for good: our files are not writable to others even where our caller has no mask.</summary>
    internal static void Tighten()
    {
        UnixFileMode caller = SetMask(Usual);
        if ((caller | Usual) != Usual)
            _ = SetMask(caller | Usual);
    }

    /// <summary>Restores the previous mask.</summary>
    public void Dispose() => _ = SetMask(previous);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial UnixFileMode SetMask(UnixFileMode mask);
}
