using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Launching.Invocation;

/// <summary>
/// The standard streams of a runtime whose container has a terminal: until the container's process has that, it holds these. What the runtime writes
/// is told when it has ended; what no longer fits into the pipe is lost, and holds nobody up.
/// </summary>
internal sealed class RuntimeOutput : IDisposable
{
    private readonly SafeFileHandle? said;

    private RuntimeOutput(ChildStreams streams, SafeFileHandle? said)
    {
        Streams = streams;
        this.said = said;
    }

    /// <summary>What the runtime gets.</summary>
    internal ChildStreams Streams { get; }

    internal static RuntimeOutput Make(RuntimeInvocation run)
    {
        // One that stays when the user leaves the terminal must not be ended by its first word (SIGPIPE).
        if (run is { LeavesProcess: true, Driver.Traits.LeavesContainerProcess: false })
            return new RuntimeOutput(ChildStreams.Null(), said: null);
        (SafeFileHandle said, SafeFileHandle end) = DescriptorCalls.Pipe();
        PipeCalls.SetNonBlocking(said);
        PipeCalls.SetNonBlocking(end);
        (SafeFileHandle nothing, SafeFileHandle nobody) = DescriptorCalls.Pipe();
        nobody.Dispose();
        return new RuntimeOutput(new ChildStreams(nothing, end, end), said);
    }

    /// <summary>Passes on to our stderr what the runtime has said.</summary>
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
