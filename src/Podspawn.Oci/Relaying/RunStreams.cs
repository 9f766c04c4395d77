using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Relaying;

/// <summary>The standard streams of one run: new pipes, with us at the other ends.</summary>
internal sealed class RunStreams : IDisposable
{
    // Fewer switches between writer and relay: a gigabyte takes half the time that it does with the usual 64 KiB.
    private const int Capacity = 512 * 1024;

    private RunStreams(ChildStreams container, SafeFileHandle? input, SafeFileHandle output, SafeFileHandle? error)
    {
        Container = container;
        Input = input;
        Output = output;
        Error = error;
    }

    /// <summary>The container's ends. To be closed as soon as the runtime has them: end of file only comes when no process holds the other end.</summary>
    internal ChildStreams Container { get; }

    /// <summary>Our end of its stdin; null where it is empty.</summary>
    internal SafeFileHandle? Input { get; }

    /// <summary>Our end of its stdout.</summary>
    internal SafeFileHandle Output { get; }

    /// <summary>Our end of its stderr; null where stderr is the same stream as stdout.</summary>
    internal SafeFileHandle? Error { get; }

    /// <summary>Creates the pipes.</summary>
    /// <param name="interactive">Whether stdin will have input.</param>
    /// <param name="oneOutput">Whether stdout and stderr are one stream, which preserves the order of their bytes.</param>
    /// <exception cref="IOException">There are no descriptors left.</exception>
    internal static RunStreams Make(bool interactive, bool oneOutput)
    {
        (SafeFileHandle inputEnd, SafeFileHandle input) = DescriptorCalls.Pipe();
        (SafeFileHandle output, SafeFileHandle outputEnd) = DescriptorCalls.Pipe();
        (SafeFileHandle? error, SafeFileHandle errorEnd) = oneOutput ? (null, AnotherEnd(outputEnd)) : DescriptorCalls.Pipe();
        // These ends are ours alone. Readable data may be gone the next moment: the container can open its own streams for reading.
        PipeCalls.SetNonBlocking(output);
        PipeCalls.SetCapacity(output, Capacity);
        if (error is not null)
            PipeCalls.SetNonBlocking(error);
        if (interactive)
            PipeCalls.SetNonBlocking(input);
        else
            input.Dispose();
        return new RunStreams(new ChildStreams(inputEnd, outputEnd, errorEnd), interactive ? input : null, output, error);
    }

    // Another open file of the same pipe: O_NONBLOCK belongs to the open file. The Sentry sets it on each stream that it takes over, and takes it from a
    // stream that has it already for the container's wish: a full pipe would then be EAGAIN to its program (gvisor's pkg/sentry/fsimpl/host, NewFD).
    private static SafeFileHandle AnotherEnd(SafeFileHandle end) =>
        PathCalls.Open(EntryCalls.PathOf(end), PathCalls.O_WRONLY, out _) ?? DescriptorCalls.Duplicate(end);

    /// <inheritdoc/>
    public void Dispose()
    {
        Container.Dispose();
        Input?.Dispose();
        Output.Dispose();
        Error?.Dispose();
    }
}
