using Podspawn.Oci.Images.Store;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Cli.Output;

/// <summary>An image with what is known of its use. Sizes are in bytes; the image's size is the disk use of its unpacked root; labels are read when asked for.</summary>
internal sealed record ImageReport(
    string Digest,
    string Config,
    IReadOnlyList<string> Names,
    string Platform,
    IReadOnlyList<StoredBlob> Layers,
    long Size,
    DateTimeOffset? Created,
    DateTimeOffset Pulled,
    DateTimeOffset? Used,
    IReadOnlyList<string> Containers,
    Lazy<IReadOnlyDictionary<string, string?>> Labels);

/// <summary>Collects the reports of images: from the store, and from the containers.</summary>
internal static class ImageReports
{
    internal static IReadOnlyList<ImageReport> Of(ImageStore store, Func<StoredImage, bool> wanted)
    {
        ILookup<string, string> containers = ImageUse.Of(store, StateLayout.Default);
        return [.. store.All().Where(wanted).Select(image => new ImageReport(
            image.Record.Digest,
            image.Record.Config,
            image.Names,
            image.Record.Platform.ToString(),
            [.. image.Record.Layers.Select(layer => new StoredBlob(layer.Digest, layer.Size))],
            image.Record.Size,
            image.Record.Created,
            image.Record.Pulled,
            image.Used,
            [.. containers[image.Record.Digest].Order()],
            new Lazy<IReadOnlyDictionary<string, string?>>(() => store.LabelsOf(image.Record))))];
    }
}
