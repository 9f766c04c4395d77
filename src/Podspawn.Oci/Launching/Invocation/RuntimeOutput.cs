using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>
/// The standard streams of a runtime whose container has a terminal: the container's process holds them until it gets the terminal. What the runtime
/// writes is passed on when it has ended; what does not fit into the pipe is lost, so that the runtime never blocks.
/// </summary>
internal sealed class RuntimeOutput : IDisposable
{
    private readonly SafeFileHandle? said;

    private RuntimeOutput(ChildStreams streams, SafeFileHandle? said)
    {
        Streams = streams;
        this.said = said;
    }

    /// <summary>The streams that the runtime inherits.</summary>
    internal ChildStreams Streams { get; }

    internal static RuntimeOutput Make(RuntimeInvocation run)
    {
        // A process that outlives the user's attachment must not be ended by its first write here (SIGPIPE).
        if (run is { LeavesProcess: true, Driver.Traits.LeavesContainerProcess: false })
            return new RuntimeOutput(ChildStreams.Null(), said: null);
        (SafeFileHandle said, SafeFileHandle end) = DescriptorCalls.Pipe();
        PipeCalls.SetNonBlocking(said);
        PipeCalls.SetNonBlocking(end);
        (SafeFileHandle nothing, SafeFileHandle nobody) = DescriptorCalls.Pipe();
        nobody.Dispose();
        return new RuntimeOutput(new ChildStreams(nothing, end, end), said);
    }

    /// <summary>Passes the runtime's output on to our stderr.</summary>
    internal void Tell()
    {
        if (said is null)
            return;
        byte[] words = new byte[PipeCalls.Unread(said)];
        int got = TerminalCalls.Read(said, words);
        if (got > 0)
            new DescriptorStream(2, mayBeGone: true).Write(words.AsSpan(0, got));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Streams.Dispose();
        said?.Dispose();
    }
}
