using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Images.Tools;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Fetching;

/// <summary>Brings images into a store: skopeo fetches, umoci unpacks, and an image only appears in the store once it is complete.</summary>
/// <param name="store">The store.</param>
/// <param name="options">How to fetch.</param>
/// <param name="watcher">Receives the progress.</param>
/// <param name="signals">The source of a signal that ends the fetch; null for none.</param>
public sealed class ImageFetcher(ImageStore store, FetchOptions options, IFetchWatcher watcher, ISignalSource? signals)
{
    private readonly StorePaths paths = store.Paths;

    /// <summary>Fetches an image, or what the store lacks of it, and unpacks it unless the store has it unpacked.</summary>
    /// <param name="source">The image.</param>
    /// <param name="missingOnly">Whether an image that another process brought in while we waited for it is good enough.</param>
    /// <param name="withItsNames">Whether an archive's own names for the image are added as well, as with docker load.</param>
    /// <exception cref="ImageException">The fetch failed; only layers that arrived complete are left.</exception>
    public ImageRecord Fetch(ImageSource source, bool missingOnly = false, bool withItsNames = false)
    {
        string name = source.Full();
        string address = source.ForSkopeo();
        LocalFiles.Require(source);
        return Work(name, "layers that came whole are kept for the next time, or until prune", (staging, cancel) =>
        {
            if (staging.Claim("source", address) && missingOnly && store.Find(source) is { } found)
                return found;
            // While we work, blobs that belong to no image yet must not be removed as unreferenced.
            using FileLock blobs = FileLock.TakeShared(paths.BlobLock);
            // Taken before the file is read: a file that is changed meanwhile is then read again the next time.
            string? stamp = SourceIdentity.StampOf(source);
            FetchedImage image = Copy(source, name, staging, cancel);
            ImageRecord record = Obtain(image, name, name, stamp, staging, cancel);
            foreach (string own in withItsNames && source.Transport == ImageTransport.DockerArchive ? NamesIn(source, staging, cancel) : [])
                store.TrySetName(own, record.Digest);
            return record;
        });
    }

    /// <summary>Brings in one image of an archive or a layout, under names of its own and not under that of the file.</summary>
    /// <param name="source">The image.</param>
    /// <param name="shown">What it is called in messages.</param>
    /// <param name="names">Its names; none for an image without one.</param>
    /// <exception cref="ImageException">It cannot be brought in.</exception>
    internal ImageRecord Load(ImageSource source, string shown, IReadOnlyList<string> names)
    {
        LocalFiles.Require(source);
        return Work(shown, "nothing of it is kept", (staging, cancel) =>
        {
            using FileLock blobs = FileLock.TakeShared(paths.BlobLock);
            ImageRecord record = Obtain(Copy(source, shown, staging, cancel), shown, names.Count > 0 ? names[0] : null, null, staging, cancel);
            foreach (string other in names.Skip(1))
                store.TrySetName(other, record.Digest);
            return record;
        });
    }

    /// <summary>Stores and unpacks an image that is created on this host.</summary>
    /// <param name="from">Its source, for messages.</param>
    /// <param name="name">The image's name; null for none.</param>
    /// <param name="make">Creates it in a staging directory of the store, as a layout with all its blobs in the store; returns their digests.</param>
    /// <exception cref="ImageException">Creating the image failed; nothing is left.</exception>
    internal ImageRecord Store(string from, ImageName? name, Func<Staging, CancellationToken, IReadOnlyCollection<string>> make)
    {
        IReadOnlyCollection<string> made = [];
        ImageRecord? record = null;
        try
        {
            return record = Work(from, "nothing of it is kept", (staging, cancel) =>
            {
                using FileLock blobs = FileLock.TakeShared(paths.BlobLock);
                made = make(staging, cancel);
                return Unpack(FetchedImage.Read(LayoutOf(staging), paths), from, name?.ToString(), null, staging, cancel);
            });
        }
        finally
        {
            if (record is null && made.Count > 0)
                BlobCollector.Collect(store, made);
        }
    }

    /// <summary>The path of the image's layout in a staging directory.</summary>
    internal static string LayoutOf(Staging staging) => $"{staging.Directory}/layout";

    private ImageRecord Work(string name, string leftovers, Func<Staging, CancellationToken, ImageRecord> work)
    {
        store.Prepare();
        using var interrupt = new Interruption(signals);
        try
        {
            using Staging staging = Staging.Begin(paths);
            return work(staging, interrupt.Token);
        }
        catch (OperationCanceledException)
        {
            throw new ImageException($"{name}: interrupted; {leftovers}", ExitCodes.OfSignal(interrupt.Signal));
        }
        catch (BadImageException e)
        {
            // The blobs of a bad image are useless.
            BlobCollector.Collect(store, e.Blobs);
            throw e.Cause;
        }
        catch (IOException e)
        {
            throw new ImageException($"{name}: {e.Message}; make room on the store's filesystem, or name another with {Setting.DataRoot}");
        }
        finally
        {
            watcher.End();
        }
    }

    private FetchedImage Copy(ImageSource source, string name, Staging staging, CancellationToken cancel)
    {
        string layout = MakeLayout(staging);
        watcher.Begin(name, FetchStage.Fetching, watcher.WantsTotals ? TotalOf(source, staging, cancel) : 0);
        HashSet<string> before = [.. BlobCollector.All(paths)];
        try
        {
            var limits = new ToolLimits(options.MaxSize, paths.Root, options.StallTimeout, traffic => watcher.Advance(traffic.Written));
            (int status, _, string error) = Run(name, Skopeo.Program, Skopeo.Copy(source, layout, options, staging.Temporary), staging, limits, cancel);
            if (status != 0)
                throw ToolFailure.Of(name, Skopeo.Program, status, error);
        }
        catch (LimitException e)
        {
            throw new BadImageException(e, BlobCollector.All(paths).Except(before));
        }
        try
        {
            FetchedImage image = FetchedImage.Read(layout, paths);
            if (options.Platform is { } wanted && !image.Platform.Satisfies(wanted))
                throw new ImageException($"it is for {image.Platform}, not for {wanted}; take a platform that it has, or leave {Setting.Platform} away");
            return image;
        }
        catch (ImageException e)
        {
            throw new BadImageException(new ImageException($"{name}: {e.Message}"), BlobCollector.All(paths).Except(before));
        }
    }

    private ImageRecord Obtain(FetchedImage image, string from, string? name, string? stamp, Staging staging, CancellationToken cancel)
    {
        if (Named(image, name, stamp) is { } there)
            return there;
        staging.Claim("digest", image.Digest);
        return Named(image, name, stamp) ?? Unpack(image, from, name, stamp, staging, cancel);
    }

    private ImageRecord? Named(FetchedImage image, string? name, string? stamp) =>
        store.Read(image.Digest) is { } record && (name is null || store.TrySetName(name, image.Digest, stamp)) ? record : null;

    private ImageRecord Unpack(FetchedImage image, string from, string? name, string? stamp, Staging staging, CancellationToken cancel)
    {
        string prepared = $"{staging.Directory}/unpacked";
        PrivateDirectory.Make(prepared);
        try
        {
            string layout = image.IsReadable ? LayoutOf(staging) : Convert(from, staging, cancel);
            watcher.Begin(from, FetchStage.Unpacking, image.Layers.Sum(layer => layer.Size));
            var limits = new ToolLimits(options.MaxSize, prepared, TimeSpan.MaxValue, traffic =>
                watcher.Advance(traffic.Read)) { Time = options.UnpackTimeFor(image.Layers.Sum(layer => layer.Size)) };
            using var depth = new DepthWatch(image.IsReadable ? image.Layers.Select(layer => paths.Blob(layer.Digest)) : Directory.GetFiles($"{layout}/blobs/sha256"), cancel);
            string root = $"{prepared}/rootfs", cleaned = $"{staging.Directory}/cleaned";
            (int status, _, string error) = depth.Beside(from, stop => Run(from, Umoci.Program, Umoci.Unpack(layout, root), staging, limits, stop));
            if (status != 0 && CleanedLayers.MayHelp(error) && Clean(image, from, layout, cleaned, cancel))
            {
                TreeRemoval.Remove(root);
                (status, _, error) = Run(from, Umoci.Program, Umoci.Unpack(cleaned, root), staging, limits, cancel);
                TreeRemoval.Remove(cleaned);
            }
            if (status != 0)
            {
                ImageException failure = ToolFailure.Of(from, Umoci.Program, status, error);
                throw ToolFailure.IsFullDisk(error) ? failure : new BadImageException(failure, image.Blobs);
            }
            // A whiteout of ".." makes umoci remove the root itself.
            if (!Directory.Exists(root))
                throw new BadImageException(new ImageException($"{from}: its last layer removes the root directory; take another image"), image.Blobs);
        }
        catch (LimitException e)
        {
            throw new BadImageException(e, image.Blobs);
        }
        var record = new ImageRecord(
            ImageRecord.CurrentVersion, image.Digest, image.Config, image.Platform, image.Layers, DiskUse.Of($"{prepared}/rootfs"), image.Created,
            DateTimeOffset.UtcNow, image.Process);
        store.Adopt(record, prepared, name, stamp);
        return record;
    }

    private bool Clean(FetchedImage image, string name, string layout, string target, CancellationToken cancel)
    {
        try
        {
            return CleanedLayers.Make(layout, target, options.MaxSize, cancel);
        }
        catch (LimitException e)
        {
            throw new LimitException($"{name}: {e.Message}");
        }
        catch (ImageException e)
        {
            throw new BadImageException(new ImageException($"{name}: {e.Message}"), image.Blobs);
        }
    }

    // Into a layout with its own blobs: among those of the store skopeo would find the layers unconverted, and leave them so.
    private string Convert(string name, Staging staging, CancellationToken cancel)
    {
        string converted = $"{staging.Directory}/converted";
        watcher.Begin(name, FetchStage.Converting, 0);
        var limits = new ToolLimits(options.MaxSize, staging.Directory, TimeSpan.MaxValue, traffic => watcher.Advance(traffic.Written));
        (int status, _, string error) = Run(name, Skopeo.Program, Skopeo.Recompress(LayoutOf(staging), converted, staging.Temporary), staging, limits, cancel);
        return status == 0 ? converted : throw ToolFailure.Of(name, Skopeo.Program, status, error);
    }

    private static (int Status, string Output, string Error) Run(
        string name, string tool, IReadOnlyList<string> arguments, Staging staging, ToolLimits limits, CancellationToken cancel)
    {
        try
        {
            return ToolRun.Execute(tool, arguments, staging.Environment, limits, cancel);
        }
        catch (LimitException e)
        {
            throw new LimitException($"{name}: {e.Message}");
        }
        catch (ImageException e)
        {
            throw new ImageException($"{name}: {e.Message}");
        }
    }

    private string MakeLayout(Staging staging)
    {
        string layout = LayoutOf(staging);
        PrivateDirectory.Make(layout);
        // skopeo and umoci find and leave the blobs in the store itself: a layer that arrived complete is never fetched again.
        File.CreateSymbolicLink($"{layout}/blobs", paths.Blobs);
        return layout;
    }

    private IEnumerable<string> NamesIn(ImageSource archive, Staging staging, CancellationToken cancel)
    {
        if (archive.Selector is { } selector)
            return ImageSource.Parse(selector).Name is { } chosen ? [chosen.ToString()] : [];
        var limits = new ToolLimits(options.MaxSize, staging.Directory, options.StallTimeout, _ => { });
        (int status, string output, _) = ToolRun.Execute(Skopeo.Program, Skopeo.ListTags(archive.Path, staging.Temporary), staging.Environment, limits, cancel);
        return status == 0 ? Documents.ImageJson.ParseTags(output).Select(ImageSource.Parse).Where(source => source.Name is not null).Select(source => source.Full()) : [];
    }

    // Only for the progress bar: an error here occurs again, with a message, where it matters.
    private long TotalOf(ImageSource source, Staging staging, CancellationToken cancel)
    {
        try
        {
            Documents.ImageManifest? manifest = Inspect(source.ForSkopeo(), staging, cancel);
            if (manifest?.Manifests is not null && source.Transport == ImageTransport.Registry)
            {
                manifest = Skopeo.Choose(manifest, options.Platform ?? ImagePlatform.Host) is { Digest: { } digest }
                    ? Inspect($"docker://{source.RequireName().Repository}@{digest}", staging, cancel)
                    : null;
            }
            return manifest?.Layers?.Where(layer => layer?.Digest is { } digest && Documents.Digest.IsValid(digest) && !File.Exists(paths.Blob(digest)))
                .Sum(layer => layer.Size) ?? 0;
        }
        catch (Exception e) when (e is ImageException or OverflowException)
        {
            return 0;
        }
    }

    private Documents.ImageManifest? Inspect(string address, Staging staging, CancellationToken cancel)
    {
        var limits = new ToolLimits(options.MaxSize, staging.Directory, options.StallTimeout, _ => { });
        (int status, string output, _) = ToolRun.Execute(Skopeo.Program, Skopeo.InspectRaw(address, options, staging.Temporary), staging.Environment, limits, cancel);
        return status == 0 ? Documents.ImageJson.ParseManifest(output) : null;
    }

    /// <summary>An image whose blobs are useless.</summary>
    private sealed class BadImageException(ImageException cause, IEnumerable<string> blobs) : Exception
    {
        internal ImageException Cause { get; } = cause;

        internal IReadOnlyList<string> Blobs { get; } = [.. blobs];
    }
}
