using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Terminals;

/// <summary>
/// Our own stdin or stdout, read and written so that no call blocks. O_NONBLOCK belongs to the open file description, which we share with the shell
/// and others, so it is never set on the caller's: a terminal or a pipe is opened again through /proc, which creates our own description. A
/// descriptor that cannot be opened again (a socket, another user's terminal) is used as it is, in chunks that poll(2) promises room for.
/// </summary>
internal sealed class RelayEndpoint : IDisposable
{
    private const int PipeBuf = 4096; // pipe(7): a pipe that poll(2) reports as writable has room for this much
    private readonly int largestWrite;

    private RelayEndpoint(SafeFileHandle file, bool isOwn, int kind, bool isTerminal = false)
    {
        Handle = file;
        IsRegularFile = kind == FileKind.Regular;
        NeverBlocks = isOwn || IsRegularFile;
        TakesSplices = IsRegularFile || kind == FileKind.Fifo || (kind == FileKind.CharacterDevice && !isTerminal);
        largestWrite = NeverBlocks ? int.MaxValue : PipeBuf;
    }

    /// <summary>What is read or written.</summary>
    internal SafeFileHandle Handle { get; }

    internal bool IsRegularFile { get; }

    /// <summary>Whether a write of any length returns at once.</summary>
    internal bool NeverBlocks { get; }

    /// <summary>Whether the kernel may be able to move bytes from a pipe here without blocking (splice(2)).</summary>
    internal bool TakesSplices { get; }

    internal static RelayEndpoint ForReading(int fd) => Open(fd, PathCalls.O_RDONLY);

    internal static RelayEndpoint ForWriting(int fd) => Open(fd, PathCalls.O_WRONLY);

    internal int Read(Span<byte> buffer) => TerminalCalls.Read(Handle, buffer);

    internal int Write(ReadOnlySpan<byte> buffer) => TerminalCalls.Write(Handle, buffer[..Math.Min(buffer.Length, largestWrite)]);

    public void Dispose() => Handle.Dispose();

    private static RelayEndpoint Open(int fd, int access)
    {
        // The caller's own stays open when this is disposed of.
        var callers = new SafeFileHandle(fd, ownsHandle: false);
        int kind = FileKind.Of(callers);
        if (kind == FileKind.Regular)
            return new RelayEndpoint(callers, isOwn: false, kind);
        bool isTerminal = kind == FileKind.CharacterDevice && TerminalSize.IsTerminal(fd);
        if (kind == FileKind.Fifo || isTerminal)
        {
            if (PathCalls.Open(EntryCalls.PathOf(callers), access | PathCalls.O_NONBLOCK | PathCalls.O_NOCTTY, out _) is { } own)
                return new RelayEndpoint(own, isOwn: true, kind, isTerminal);
        }
        return new RelayEndpoint(callers, isOwn: false, kind, isTerminal);
    }
}
