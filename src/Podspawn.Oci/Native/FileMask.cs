using System.Runtime.InteropServices;

namespace Podspawn.Oci.Native;

/// <summary>
/// The mode bits that new files are denied (umask(2)), which children inherit. The mask belongs to the whole process: hold one of these while
/// something is made in a container's root, and around the start of whoever makes things there. What is made for our caller has the caller's own mask.
/// </summary>
internal readonly ref partial struct FileMask
{
    /// <summary>Group and others may not write: the mask that runtimes give a container's first process.</summary>
    private const UnixFileMode Usual = FileModes.OthersWrite;

    private static readonly Lock Changing = new();
    private static UnixFileMode callers;
    private static int holders;

    private readonly bool holds;

    private FileMask(bool holds) => this.holds = holds;

    /// <summary>Sets the usual mask until the last holder's <see cref="Dispose"/>.</summary>
    internal static FileMask HoldUsual() => Hold(null);

    /// <summary>Sets a mask until the last holder's <see cref="Dispose"/>; the usual one for null.</summary>
    internal static FileMask Hold(uint? mask)
    {
        lock (Changing)
        {
            if (holders++ == 0)
                callers = SetMask(Usual);
            if (mask is { } other)
                _ = SetMask((UnixFileMode)other);
        }
        return new FileMask(holds: true);
    }

    /// <summary>Adds the usual mask to our caller's, for good: our files are not writable to others even where our caller has no mask.</summary>
    internal static void Tighten()
    {
        UnixFileMode caller = SetMask(Usual);
        if ((caller | Usual) != Usual)
            _ = SetMask(caller | Usual);
    }

    /// <summary>Restores our caller's mask.</summary>
    public void Dispose()
    {
        lock (Changing)
        {
            if (holds && --holders == 0)
                _ = SetMask(callers);
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial UnixFileMode SetMask(UnixFileMode mask);
}
