using CliWrap;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.Tools;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.Building;

/// <summary>
/// Streams an archive into an image as a layer: through the program that decompresses it, to umoci, which stores it, and to tar, which checks that it
/// is an archive. Nothing of it is buffered on the disk.
/// </summary>
internal sealed class LayerImport
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly ArchiveSource source;
    private readonly ImportLimits limits;
    private readonly CancellationTokenSource stop;
    private readonly CancellationTokenSource stopFeeding;
    private readonly ProgramInput layer = new();
    private readonly ProgramInput listing = new();
    private readonly ProgramOutput layerError = new();
    private readonly ProgramOutput decompressorError = new();
    private readonly TarCheck check;
    private long read;
    private long passed;

    private LayerImport(ArchiveSource source, ImportLimits limits, CancellationTokenSource stop, CancellationTokenSource stopFeeding)
    {
        (this.source, this.limits, this.stop, this.stopFeeding) = (source, limits, stop, stopFeeding);
        check = new TarCheck(source.Name);
    }

    private bool IsTooLarge => passed > limits.MaxSize;

    /// <summary>Adds the layer.</summary>
    /// <param name="source">The archive.</param>
    /// <param name="arguments">The arguments of umoci, which reads the layer from its stdin.</param>
    /// <param name="limits">The limits, and who receives the progress.</param>
    /// <exception cref="ImageException">The archive is incomplete or not one, or cannot be stored.</exception>
    internal static void Add(ArchiveSource source, IReadOnlyList<string> arguments, ImportLimits limits)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limits.Cancel);
        using var stopFeeding = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        try
        {
            new LayerImport(source, limits, stop, stopFeeding).Run(arguments);
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }

    private void Run(IReadOnlyList<string> arguments)
    {
        // All programs are looked up before any is started.
        Command umoci = Quiet(ToolRun.Prepare(Umoci.Program, arguments), layerError)
            .WithEnvironmentVariables(limits.Environment).WithStandardInputPipe(layer.Source);
        Command tar = check.Command(listing, limits.Environment);
        Command? decompressor = source.Compression is { } format
            ? Quiet(ToolRun.Prepare(format.Tool, Compression.Arguments, format.Package), decompressorError).WithEnvironmentVariables(limits.Environment)
                .WithStandardInputPipe(PipeSource.Create((stream, cancel) => Task.Run(() => source.CopyAsync(Into(stream, cancel), Note, cancel), cancel)))
                .WithStandardOutputPipe(PipeTarget.Create(PassAsync))
            : null;
        Task<int?> keeping = Status(umoci.ExecuteAsync(stop.Token));
        Task<int?> judging = Status(tar.ExecuteAsync(stop.Token));
        Task<int?> feeding = decompressor is null ? ReadAsync() : Status(decompressor.ExecuteAsync(stopFeeding.Token));
        _ = feeding.ContinueWith(_ => Close(), TaskScheduler.Default);
        Task all = Task.WhenAll(feeding, keeping, judging);
        while (!all.Wait(Look))
            limits.Advance(Interlocked.Read(ref read));
        limits.Cancel.ThrowIfCancellationRequested();
        if (Failure(feeding.Result, keeping.Result, judging.Result) is { } failure)
            throw failure;
    }

    // The first program to fail has broken the others' pipes.
    private ImageException? Failure(int? feeding, int? keeping, int? judging)
    {
        if (IsTooLarge)
            return new ImageException($"{source.Name}: is larger than {ByteSize.Format(limits.MaxSize)} once decompressed; if that is what you want, allow more with " +
                $"{Setting.MaxSize}");
        if (source.Failure is { } reason)
            return new ImageException($"{source.Name}: cannot be read: {reason}; check the file and its disk");
        if (layer.IsBroken || feeding is not 0)
        {
            return layer.IsBroken || source.Compression is not { } format
                ? ToolFailure.Of(source.Name, Umoci.Program, keeping ?? 0, layerError.Beginning)
                : new ImageException($"{source.Name}: {format.Tool}: {ToolWords.FirstLine(decompressorError.Beginning, $"{format.Tool}: ")
                .TrimEnd(';', '.')}; the file is damaged or cut off: fetch or make it again");
        }
        return check.Judge(judging ?? 0)
            ?? (keeping == 0 ? null : ToolFailure.Of(source.Name, Umoci.Program, keeping ?? 0, layerError.Beginning));
    }

    // Runs on a thread of its own: a read of the standard input cannot be cancelled.
    private async Task<int?> ReadAsync()
    {
        try
        {
            await Task.Run(() => source.CopyAsync(PassAsync, Note, stopFeeding.Token)).WaitAsync(stopFeeding.Token).ConfigureAwait(false);
            return 0;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task PassAsync(Stream stream, CancellationToken cancel)
    {
        byte[] buffer = new byte[1 << 17];
        int got;
        while ((got = await stream.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0 && await PassAsync(buffer.AsMemory(0, got)).ConfigureAwait(false))
        {
        }
    }

    private async Task<bool> PassAsync(ReadOnlyMemory<byte> bytes)
    {
        passed += bytes.Length;
        if (!IsTooLarge)
            await Task.WhenAll(layer.WriteAsync(bytes, stop.Token), listing.WriteAsync(bytes, stop.Token)).ConfigureAwait(false);
        if (!IsTooLarge && !layer.IsBroken)
            return true;
        // The rest has no reader, and the writer would wait for ever. Where umoci gave up, umoci's own message says why.
        await (IsTooLarge ? stop : stopFeeding).CancelAsync().ConfigureAwait(false);
        return false;
    }

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

    private void Note(long bytes) => Interlocked.Exchange(ref read, bytes);

    private void Close()
    {
        layer.Close();
        listing.Close();
    }

    private static Command Quiet(Command command, ProgramOutput error) =>
        command.WithValidation(CommandResultValidation.None).WithStandardErrorPipe(error.Target);

    // Null where we have ended the program.
    private static async Task<int?> Status(CommandTask<CommandResult> running)
    {
        try
        {
            return (await running.Task.ConfigureAwait(false)).ExitCode;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
