using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Images.Tools;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Fetching;

/// <summary>Copies images of a store to registries: skopeo does the transfer, as it does for a fetch.</summary>
/// <param name="store">The store.</param>
/// <param name="options">How to reach the registry.</param>
/// <param name="watcher">Receives the progress.</param>
/// <param name="signals">The source of a signal that ends the transfer; null for none.</param>
public sealed class ImagePusher(ImageStore store, FetchOptions options, IFetchWatcher watcher, ISignalSource? signals)
{
    /// <summary>Copies an image.</summary>
    /// <param name="source">The image.</param>
    /// <param name="destination">Its name in the registry; null for its own.</param>
    /// <param name="format"><c>oci</c> or <c>v2s2</c>; null for the image's own, or what the registry takes.</param>
    /// <returns>The digest of its manifest in the registry.</returns>
    /// <exception cref="ImageException">The transfer failed.</exception>
    public string Push(ImageSource source, ImageName? destination, string? format)
    {
        (ImageRecord record, string? name) = store.Resolve(source) ?? throw new NoSuchImageException(source.Text);
        ImageName target = destination ?? (name is null ? null : ImageName.OfStored(name))
            ?? throw new ImageException($"{source.Text}: has no name that tells where it goes; name the destination behind it: HOST[:PORT]/NAME[:TAG]");
        // A name with a digest is where it came from.
        if (target.Digest is not null)
            throw new ImageException($"{target}: an image's digest comes of its content, and cannot be chosen; write HOST[:PORT]/NAME[:TAG]");
        using ImageLease lease = store.Hold(record) ?? throw new NoSuchImageException(source.Text);
        store.Prepare();
        using var interrupt = new Interruption(signals);
        try
        {
            using Staging staging = Staging.Begin(store.Paths);
            return Send(record, target, format, staging, interrupt.Token);
        }
        catch (OperationCanceledException)
        {
            throw new ImageException($"{target}: interrupted; layers that came whole may be in the registry", ExitCodes.OfSignal(interrupt.Signal));
        }
        catch (IOException e)
        {
            throw new ImageException($"{target}: {e.Message}; make room on the store's filesystem, or name another with {Setting.DataRoot}");
        }
        finally
        {
            watcher.End();
        }
    }

    private string Send(ImageRecord record, ImageName target, string? format, Staging staging, CancellationToken cancel)
    {
        string layout = StoredLayout.Make(staging, store.Paths, record), digestFile = $"{staging.Directory}/digest";
        watcher.Begin(target.ToString(), FetchStage.Sending, record.Layers.Sum(layer => layer.Size));
        var limits = new ToolLimits(long.MaxValue, staging.Directory, options.StallTimeout, traffic => watcher.Advance(traffic.Read));
        IReadOnlyList<string> arguments = Skopeo.Send(layout, target, options, format, digestFile, staging.Temporary);
        (int status, _, string error) = ToolRun.Execute(Skopeo.Program, arguments, staging.Environment, limits, cancel);
        if (status != 0)
            throw ToolFailure.Of(target.ToString(), Skopeo.Program, status, error);
        return SmallFile.Read(digestFile)?.Trim() is { } digest && Documents.Digest.IsValid(digest)
            ? digest
            : throw new ImageException($"{target}: skopeo has not told the digest of what it has sent; install another version of skopeo");
    }
}
