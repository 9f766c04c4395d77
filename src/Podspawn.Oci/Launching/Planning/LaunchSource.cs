using Podspawn.Oci.Errors;
using Podspawn.Oci.Images;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Native;
using Podspawn.Oci.RootFilesystems;

namespace Podspawn.Oci.Launching.Planning;

/// <summary>What a container is created from, opened: a directory, an OCI bundle, or an image, which is kept in its store meanwhile.</summary>
public sealed class LaunchSource : IDisposable
{
    private readonly ImageLease? lease;

    private LaunchSource(RootFilesystem root, Bundle? bundle, ImageLease? lease)
    {
        Root = root;
        Bundle = bundle;
        this.lease = lease;
    }

    /// <summary>The images that are mounted beside it, by the names that the user gave them, kept in their store as well.</summary>
    internal Dictionary<string, ImageLease> MountedImages { get; } = [];

    /// <summary>The root filesystem.</summary>
    public RootFilesystem Root { get; }

    /// <summary>The bundle that the root comes from; or null.</summary>
    public Bundle? Bundle { get; }

    /// <summary>How the image that the root comes from asks to be run; or null.</summary>
    public ImageProcess? Image => lease?.Record.Process;

    /// <summary>The digest of the image that the root comes from; or null.</summary>
    public string? ImageDigest => lease?.Record.Digest;

    /// <summary>Opens the source that the options name; an image that the store lacks is fetched.</summary>
    /// <exception cref="ContainerException">The options name no source.</exception>
    /// <exception cref="ImageException">The image is not available.</exception>
    /// <exception cref="RootFilesystemException">The root filesystem cannot be used.</exception>
    public static LaunchSource Open(LaunchOptions options) => OpenOnPaper(options, mayFetch: true)
        ?? throw new ContainerException(
        $"no image; name one before the command, set defaults.image in the config, or name a directory with {Setting.Rootfs} DIR or {Setting.Bundle} DIR");

    /// <summary>Opens the source that the options name, without fetching; null where they name none.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static LaunchSource? OpenOnPaper(LaunchOptions options) => OpenOnPaper(options, mayFetch: false);

    /// <inheritdoc/>
    public void Dispose()
    {
        Root.Dispose();
        lease?.Dispose();
        foreach (ImageLease image in MountedImages.Values)
            image.Dispose();
    }

    private static LaunchSource? OpenOnPaper(LaunchOptions options, bool mayFetch)
    {
        LaunchSource? source = OpenRoot(options, mayFetch);
        if (source is null || options.MountedImages.Count == 0)
            return source;
        try
        {
            foreach (ImageRequest image in options.MountedImages)
                source.MountedImages[image.Source.Text] = Hold(image, options.Signals, mayFetch, isMounted: true);
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static LaunchSource? OpenRoot(LaunchOptions options, bool mayFetch)
    {
        if (options.Image is { } image)
        {
            if (options.RootfsWritable)
                throw new ContainerException($"{Setting.RootfsWritable}: an image is shared by all its containers and never written to; leave the flag away, or name a directory " +
                    $"with {Setting.Rootfs}");
            ImageLease lease = Hold(image, options.Signals, mayFetch, isMounted: false);
            return new LaunchSource(RootFilesystem.Open(lease.RootPath), null, lease);
        }
        Bundle? bundle = options.BundlePath is null ? null : BundleReader.Read(options.BundlePath);
        return (bundle?.RootPath ?? options.RootfsPath) is { } path ? new LaunchSource(RootFilesystem.Open(path), bundle, null) : null;
    }

    private static ImageLease Hold(ImageRequest request, ISignalSource? signals, bool mayFetch, bool isMounted)
    {
        ImageStore store = ImageStore.Open(request.StoreRoot);
        ImageRecord record = Obtain(store, request, signals, mayFetch);
        if (!isMounted)
            RequireRunnable(request, record);
        ImageLease lease = store.Hold(record) ?? throw new ImageException($"{request.Source.Text}: was removed from the store at this moment; launch again");
        if (mayFetch)
            lease.Touch();
        return lease;
    }

    private static ImageRecord Obtain(ImageStore store, ImageRequest request, ISignalSource? signals, bool mayFetch)
    {
        ImageSource source = request.Source;
        ImageRecord? record = store.Find(source) is { } stored && Suits(stored, request) ? stored : null;
        bool missing = record is null || !SourceIdentity.IsCurrent(store, source, record);
        if (mayFetch && (request.Pull == PullPolicy.Always || (request.Pull == PullPolicy.Missing && missing)))
            record = new ImageFetcher(store, request.Fetch, request.Watcher, signals)
                .Fetch(source, missingOnly: request.Pull == PullPolicy.Missing && source.Transport == ImageTransport.Registry);
        if (record is null)
        {
            throw new ImageException(mayFetch
                ? $"{source.Text}: is not in the store, and {Setting.Pull}=never keeps it from being fetched; pull it first"
                : $"{source.Text}: is not in the store; pull it first");
        }
        return record;
    }

    private static void RequireRunnable(ImageRequest request, ImageRecord record)
    {
        if (!PlatformSupport.CanRun(record.Platform))
        {
            throw new ImageException(
                $"{request.Source.Text}: is for {record.Platform}, which this host ({ImagePlatform.Host}) cannot run; take it for another platform with {Setting.Platform}, or " +
                    $"install an emulator (qemu-user-static)");
        }
    }

    private static bool Suits(ImageRecord record, ImageRequest request) => request.Fetch.Platform is not { } wanted || record.Platform.Satisfies(wanted);
}
