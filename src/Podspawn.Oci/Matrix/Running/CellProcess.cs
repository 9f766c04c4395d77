using System.Diagnostics;
using System.Text;
using CliWrap;
using Podspawn.Oci.State.Store;

namespace Podspawn.Oci.Matrix.Running;

/// <summary>How a cell's process ended.</summary>
/// <param name="ExitStatus">The exit status; null where the process was ended at its time limit.</param>
/// <param name="Output">Its standard output, at most <see cref="CellProcess.MostOutput"/> bytes.</param>
/// <param name="Errors">Its standard error, with the same limit.</param>
/// <param name="Elapsed">The time from its start to its end.</param>
internal sealed record CellOutcome(int? ExitStatus, string Output, string Errors, TimeSpan Elapsed);

/// <summary>Runs the process of a cell, and ends it at its time limit with everything that it has launched.</summary>
internal sealed class CellProcess(ContainerStore store) : IDisposable
{
    /// <summary>The limit for the stored part of a stream, in bytes.</summary>
    public const int MostOutput = 1 << 20;

    private readonly SemaphoreSlim recovering = new(1);

    /// <summary>Runs the process to its end.</summary>
    /// <exception cref="OperationCanceledException">The whole matrix was cancelled; nothing of the cell is left.</exception>
    public async Task<CellOutcome> RunAsync(CellCommand launch, TimeSpan limit, CancellationToken cancellation)
    {
        var output = new BoundedText(MostOutput);
        var errors = new BoundedText(MostOutput);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Command command = Cli.Wrap(launch.Program)
            .WithArguments(launch.Arguments)
            .WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(output.Target)
            .WithStandardErrorPipe(errors.Target);
        long start = Stopwatch.GetTimestamp();
        ended.CancelAfter(limit);
        try
        {
            CommandResult result = await command.ExecuteAsync(ended.Token).ConfigureAwait(false);
            return new CellOutcome(result.ExitCode, output.Text, errors.Text, Stopwatch.GetElapsedTime(start));
        }
        catch (OperationCanceledException)
        {
            await RecoverAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            return new CellOutcome(null, output.Text, errors.Text, Stopwatch.GetElapsedTime(start));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => recovering.Dispose();

    // The launcher is gone and its container is an orphan: it is cleaned up before the next cell begins, as the next command would do.
    private async Task RecoverAsync()
    {
        await recovering.WaitAsync().ConfigureAwait(false);
        try
        {
            store.Recover();
        }
        finally
        {
            recovering.Release();
        }
    }

    /// <summary>Stores the first bytes of a stream; the rest is read and discarded, so that the writer never blocks.</summary>
    private sealed class BoundedText(int most)
    {
        private readonly System.Buffers.ArrayBufferWriter<byte> kept = new();

        public string Text => Encoding.UTF8.GetString(kept.WrittenSpan);

        public PipeTarget Target => PipeTarget.Create(async (origin, cancellation) =>
        {
            byte[] buffer = new byte[16 << 10];
            for (int got; (got = await origin.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
                System.Buffers.BuffersExtensions.Write(kept, buffer.AsSpan(0, Math.Min(got, most - kept.WrittenCount)));
        });
    }
}
