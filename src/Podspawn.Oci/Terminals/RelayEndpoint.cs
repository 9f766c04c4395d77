using Podspawn.Oci.Native;
using Tmds.Linux;

namespace Podspawn.Oci.Terminals;

/// <summary>
/// Our own stdin or stdout, read and written so that no call blocks. O_NONBLOCK belongs to the open file description, which we share with
/// the shell and others, so it is never set on the caller's: a terminal or a pipe is opened anew through /proc, which makes a description
/// of our own. What cannot be opened anew (a socket, another user's terminal) is used as it is, in pieces that poll(2) promises room for.
/// </summary>
internal sealed class RelayEndpoint : IDisposable
{
    private const int PipeBuf = 4096; // pipe(7): a pipe that poll(2) calls writable has room for so much
    private readonly bool isOwn;
    private readonly int largestWrite;

    private RelayEndpoint(int fd, bool isOwn, mode_t kind, bool isTerminal = false)
    {
        Descriptor = fd;
        this.isOwn = isOwn;
        IsRegularFile = kind == LibC.S_IFREG;
        NeverBlocks = isOwn || IsRegularFile;
        TakesSplices = IsRegularFile || kind == LibC.S_IFIFO || (kind == LibC.S_IFCHR && !isTerminal);
        largestWrite = NeverBlocks ? int.MaxValue : PipeBuf;
    }

    internal int Descriptor { get; }

    internal bool IsRegularFile { get; }

    /// <summary>Whether a write of any length returns at once.</summary>
    internal bool NeverBlocks { get; }

    /// <summary>Whether the kernel may be able to move bytes from a pipe here, without waiting (splice(2)).</summary>
    internal bool TakesSplices { get; }

    internal static RelayEndpoint ForReading(int fd) => Open(fd, PathCalls.O_RDONLY);

    internal static RelayEndpoint ForWriting(int fd) => Open(fd, PathCalls.O_WRONLY);

    internal int Read(Span<byte> buffer) => TerminalCalls.Read(Descriptor, buffer);

    internal int Write(ReadOnlySpan<byte> buffer) => TerminalCalls.Write(Descriptor, buffer[..Math.Min(buffer.Length, largestWrite)]);

    public void Dispose()
    {
        if (isOwn)
            _ = LibC.close(Descriptor);
    }

    private static unsafe RelayEndpoint Open(int fd, int access)
    {
        stat status;
        mode_t kind = LibC.fstat(fd, &status) == 0 ? status.st_mode & LibC.S_IFMT : default;
        if (kind == LibC.S_IFREG)
            return new RelayEndpoint(fd, isOwn: false, kind);
        bool isTerminal = kind == LibC.S_IFCHR && TerminalSize.IsTerminal(fd);
        if (kind == LibC.S_IFIFO || isTerminal)
        {
            int own = PathCalls.Open($"/proc/self/fd/{fd}", access | PathCalls.O_NONBLOCK | PathCalls.O_CLOEXEC | LibC.O_NOCTTY);
            if (own >= 0)
                return new RelayEndpoint(own, isOwn: true, kind, isTerminal);
        }
        return new RelayEndpoint(fd, isOwn: false, kind, isTerminal);
    }
}
