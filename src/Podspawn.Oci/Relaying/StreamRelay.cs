using Microsoft.Win32.SafeHandles;
using Podspawn.Oci.Native;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Relaying;

/// <summary>
/// Passes bytes between our standard streams and a container's. One thread does all the work and blocks in nothing but poll(2), so that no stream
/// delays another, and waits for the container's process at the same time.
/// </summary>
internal sealed class StreamRelay : IDisposable
{
    private readonly InputRelay? input;
    private readonly OutputRelay output;
    private readonly OutputRelay? error;
    private readonly WakeUp wake = new();
    private volatile bool abandoned;

    /// <param name="streams">The container's pipes; the relay closes our ends.</param>
    internal StreamRelay(RunStreams streams)
    {
        input = streams.Input is { } sink ? new InputRelay(0, sink) : null;
        output = new OutputRelay(streams.Output, 1);
        error = streams.Error is { } source ? new OutputRelay(source, 2) : null;
    }

    /// <summary>
    /// Whether our stdout and stderr go to one place, where the order of their bytes matters: one open file, or one that is not a regular file, or
    /// one that both append to.
    /// </summary>
    internal static bool OutputsAreOne()
    {
        using var stdout = new SafeFileHandle(1, ownsHandle: false);
        using var stderr = new SafeFileHandle(2, ownsHandle: false);
        if (!FileStatus.Of(stdout, out FileStatus first) || !FileStatus.Of(stderr, out FileStatus second)
            || first.Identity != second.Identity)
        {
            return false;
        }
        return FileKind.Of(stdout) != FileKind.Regular || PipeCalls.ShareOpenFile(1, 2) || (DescriptorCalls.Appends(1) && DescriptorCalls.Appends(2));
    }

    /// <summary>Relays until a process has ended.</summary>
    /// <param name="process">The process (pidfd_open(2)); null for one that has already ended.</param>
    internal void RunUntilEndOf(SafeFileHandle? process)
    {
        if (process is not null)
            Loop(process);
    }

    /// <summary>Called when the container's process has ended: passes on what it has written, and gives back what it has not read.</summary>
    /// <returns>False where <see cref="Abandon"/> came first.</returns>
    /// <exception cref="IOException">Some of it could not be written.</exception>
    internal bool Finish()
    {
        input?.Finish();
        output.EndWithWhatIsThere();
        error?.EndWithWhatIsThere();
        Loop(process: null);
        ThrowIfLost(output, "stdout");
        ThrowIfLost(error, "stderr");
        return !output.IsOpen && error is not { IsOpen: true };
    }

    /// <summary>Ends <see cref="Finish"/>, where a reader of our output does not read. May be called on any thread.</summary>
    internal void Abandon()
    {
        abandoned = true;
        wake.Set();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        input?.Dispose();
        output.Dispose();
        error?.Dispose();
        wake.Dispose();
    }

    private void Loop(SafeFileHandle? process)
    {
        Span<TerminalCalls.PollFd> fds = stackalloc TerminalCalls.PollFd[8];
        fds.Fill(new(-1, 0));
        while (process is not null || ((output.IsOpen || error is { IsOpen: true }) && !abandoned))
        {
            if (input is not null)
                (fds[0], fds[1]) = input.Wanted();
            (fds[2], fds[3]) = output.Wanted();
            if (error is not null)
                (fds[4], fds[5]) = error.Wanted();
            fds[6] = new(process ?? wake.Handle, TerminalCalls.POLLIN);
            TerminalCalls.Poll(fds[..7], output.EndsWithoutWaiting || error is { EndsWithoutWaiting: true } ? 0 : -1);
            input?.Pass(fds[0], fds[1]);
            output.Pass(fds[2], fds[3]);
            error?.Pass(fds[4], fds[5]);
            if (process is not null && fds[6].IsReady)
                return;
        }
    }

    private static void ThrowIfLost(OutputRelay? relay, string name)
    {
        if (relay is { Failure: not 0 })
            throw new IOException(new LostOutput(name, relay.Failure).Message);
    }
}
