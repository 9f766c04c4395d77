using Podspawn.Oci.Native;

namespace Podspawn.Oci.Terminals;

/// <summary>What a container wrote and one of our standard streams did not take.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Error">Why it did not (errno(3)).</param>
internal sealed record LostOutput(string Stream, int Error)
{
    /// <summary>What to tell the user.</summary>
    internal string Message =>
        $"{Stream}: cannot be written: {Errno.Text(Error)}; not all that the command wrote is there; make room there, or send it elsewhere";

    /// <summary>For a write that failed; null where only the reader or the terminal has gone, which is no loss to anybody.</summary>
    internal static LostOutput? Of(string stream, int errno) => errno is Errno.EPIPE or Errno.EIO ? null : new LostOutput(stream, errno);
}
