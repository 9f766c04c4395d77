using System.IO.Pipelines;
using CliWrap;
using Podspawn.Oci.Images.Tools;

namespace Podspawn.Oci.Images.Building;

/// <summary>
/// An archive as it is once decompressed, as a stream: read through the program that reads its format, with no more of it in memory than a pipe holds.
/// </summary>
internal sealed class PlainArchive : IDisposable
{
    private readonly ArchiveSource source;
    private readonly CancellationTokenSource stop;
    private readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, useSynchronizationContext: false));
    private readonly ProgramOutput error = new();
    private readonly Task feeding;

    /// <param name="source">The archive, which stays its owner's.</param>
    /// <param name="environment">The variables that differ in the environment of the program.</param>
    /// <param name="advance">Receives the number of bytes of the archive that were read so far.</param>
    /// <param name="cancel">Cancels the reading.</param>
    /// <exception cref="ImageException">The program that reads this format is not installed.</exception>
    internal PlainArchive(ArchiveSource source, IReadOnlyDictionary<string, string?> environment, Action<long> advance, CancellationToken cancel)
    {
        this.source = source;
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Command? decompressor = source.Compression is { } format
            ? ToolRun.Prepare(format.Tool, Compression.Arguments, format.Package).WithEnvironmentVariables(environment).WithValidation(CommandResultValidation.None)
                .WithStandardErrorPipe(error.Target)
                .WithStandardInputPipe(PipeSource.Create((stream, ended) => Task.Run(() => source.CopyAsync(Into(stream, ended), advance, ended), ended)))
                .WithStandardOutputPipe(PipeTarget.Create(async (stream, ended) => await stream.CopyToAsync(pipe.Writer, ended).ConfigureAwait(false)))
            : null;
        Content = pipe.Reader.AsStream();
        // Started here, on a thread that lives on: see ToolRun.Prepare.
        CommandTask<CommandResult>? running = decompressor?.ExecuteAsync(stop.Token);
        feeding = Task.Run(() => Feed(running, advance), CancellationToken.None);
    }

    /// <summary>The archive's content. A read of it fails with an <see cref="ImageException"/> where the archive is damaged or cut off.</summary>
    internal Stream Content { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Cancel();
        Content.Dispose();
        // A read of the standard input cannot be cancelled: it is left to end with the process.
        _ = feeding.ContinueWith(_ => stop.Dispose(), TaskScheduler.Default);
    }

    private async Task Feed(CommandTask<CommandResult>? decompressor, Action<long> advance)
    {
        Exception? failure = null;
        try
        {
            int status = 0;
            if (decompressor is null)
                await Task.Run(() => source.CopyAsync(Pass, advance, stop.Token)).WaitAsync(stop.Token).ConfigureAwait(false);
            else
                status = (await decompressor.Task.ConfigureAwait(false)).ExitCode;
            failure = source.Failure is { } reason ? new ImageException($"{source.Name}: cannot be read: {reason}; check the file and its disk")
                : status != 0 && source.Compression is { } format ? Damaged(format.Tool) : null;
        }
#pragma warning disable CA1031 // whoever reads the stream gets it
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
        }
        await pipe.Writer.CompleteAsync(failure).ConfigureAwait(false);
    }

    private ImageException Damaged(string tool) => new(
        $"{source.Name}: {tool}: {ToolWords.FirstLine(error.Beginning, $"{tool}: ").TrimEnd(';', '.')}; the file is damaged or cut off: fetch or make it again");

    private async Task<bool> Pass(ReadOnlyMemory<byte> bytes) => !(await pipe.Writer.WriteAsync(bytes, stop.Token).ConfigureAwait(false)).IsCompleted;

    private static Func<ReadOnlyMemory<byte>, Task<bool>> Into(Stream stream, CancellationToken cancel) => async bytes =>
    {
        try
        {
            await stream.WriteAsync(bytes, cancel).ConfigureAwait(false);
            return true;
        }
        catch (IOException)
        {
            // The program has ended, and its status says why.
            return false;
        }
    };
}
