using CliWrap;

namespace Podspawn.Oci.Images.Tools;

/// <summary>The standard input of a program, held open for later writes.</summary>
internal sealed class ProgramInput
{
    private readonly TaskCompletionSource<Stream> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The source to pass to the program's command.</summary>
    internal PipeSource Source => PipeSource.Create(async (stream, cancel) =>
    {
        opened.TrySetResult(stream);
        await closed.Task.WaitAsync(cancel).ConfigureAwait(false);
    });

    /// <summary>Whether the program stopped reading before everything was written.</summary>
    internal bool IsBroken { get; private set; }

    /// <summary>Writes, waiting for the program to read; what it does not read is dropped.</summary>
    internal async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        if (IsBroken)
            return;
        try
        {
            Stream stream = await opened.Task.WaitAsync(cancel).ConfigureAwait(false);
            await stream.WriteAsync(bytes, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            IsBroken = true;
        }
    }

    /// <summary>Ends the input.</summary>
    internal void Close() => closed.TrySetResult();
}
