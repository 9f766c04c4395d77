using Podspawn.Oci.Native;

namespace Podspawn.Oci.Terminals;

/// <summary>Output of a container that one of our standard streams did not accept.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Error">The error (errno(3)).</param>
internal sealed record LostOutput(string Stream, int Error)
{
    /// <summary>The message for the user.</summary>
    internal string Message =>
        $"{Stream}: cannot be written: {Errno.Text(Error)}; not all that the command wrote is there; make room there, or send it elsewhere";

    /// <summary>The loss by a write that failed; null where only the reader or the terminal has gone, which loses nothing.</summary>
    internal static LostOutput? Of(string stream, int errno) => errno is Errno.EPIPE or Errno.EIO ? null : new LostOutput(stream, errno);
}
