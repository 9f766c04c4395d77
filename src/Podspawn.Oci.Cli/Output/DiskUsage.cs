using System.Text.Json.Serialization;
using Podspawn.Oci.Cli.Inspecting;
using Podspawn.Oci.Cli.Verbs;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.State;
using Podspawn.Oci.Text;
using Podspawn.Oci.Volumes;

namespace Podspawn.Oci.Cli.Output;

/// <summary>What one kind of thing takes of the disk, by podman's names. Raw sizes are in bytes.</summary>
internal sealed record DiskUsageRow(string Type, int Total, int Active, long RawSize, long RawReclaimable)
{
    private const int Whole = 100;

    /// <summary>podman's second name for the total.</summary>
    public int TotalCount => Total;

    /// <summary>The size for people.</summary>
    public string Size => ByteSize.Format(RawSize);

    /// <summary>What a removal of all that is not active would bring, for people.</summary>
    public string Reclaimable => FormattableString.Invariant($"{ByteSize.Format(RawReclaimable)} ({(RawSize > 0 ? Math.Round((double)RawReclaimable / RawSize * Whole) : 0):0}%)");
}

/// <summary>An image's part.</summary>
/// <param name="Row">The image, under one of its names.</param>
/// <param name="Shared">The layers, packed as they came, that other images have too, in bytes.</param>
/// <param name="Unique">Its root filesystem and the layers that are its own, in bytes.</param>
internal sealed record ImageUsage(ImageRow Row, long Shared, long Unique);

/// <summary>A container's part.</summary>
/// <param name="Container">The container.</param>
/// <param name="Written">What it has written, in bytes.</param>
internal sealed record ContainerUsage(Container Container, long Written);

/// <summary>A volume's part.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Links">How many containers have it.</param>
/// <param name="Size">The bytes of its files.</param>
internal sealed record VolumeUsage(string Name, int Links, long Size);

/// <summary>What images, containers and volumes take of the disk.</summary>
internal sealed class DiskUsage
{
    private readonly IReadOnlyList<ImageReport> images;

    private DiskUsage(IReadOnlyList<ImageReport> images, IReadOnlyList<ContainerUsage> containers, IReadOnlyList<VolumeUsage> volumes)
    {
        this.images = images;
        Containers = containers;
        Volumes = volumes;
    }

    /// <summary>The containers.</summary>
    internal IReadOnlyList<ContainerUsage> Containers { get; }

    /// <summary>The volumes.</summary>
    internal IReadOnlyList<VolumeUsage> Volumes { get; }

    /// <summary>Measures everything in a store of images, and what this user's containers and volumes have.</summary>
    internal static DiskUsage Of(ImageStore store)
    {
        IReadOnlyList<ImageReport> images = ImageReports.Of(store, _ => true);
        if (!Environment.IsPrivilegedProcess)
            return new DiskUsage(images, [], []);
        var volumes = new VolumeStore(StateLayout.Default);
        Func<Volume, IReadOnlyList<string>> users = volumes.Users();
        return new DiskUsage(
            images,
            [.. EachContainer.Registry().All().Select(container => new ContainerUsage(container, ContainerSizes.OfLayer(container)))],
            [.. volumes.All().Select(volume => new VolumeUsage(volume.Name, users(volume).Count, VolumeSize.Of(volumes, volume.Name)))]);
    }

    /// <summary>A row for each kind, in podman's order.</summary>
    internal IReadOnlyList<DiskUsageRow> Rows()
    {
        IReadOnlyList<ImageReport> used = [.. images.Where(image => image.Containers.Count > 0)];
        long all = SizeOf(images);
        return
        [
            new DiskUsageRow("Images", images.Count, used.Count, all, all - SizeOf(used)),
            new DiskUsageRow("Containers", Containers.Count, Containers.Count(one => one.Container.IsUp), Containers.Sum(one => one.Written),
                Containers.Where(one => !one.Container.IsUp).Sum(one => one.Written)),
            new DiskUsageRow("Local Volumes", Volumes.Count, Volumes.Count(volume => volume.Links > 0), Volumes.Sum(volume => volume.Size),
                Volumes.Where(volume => volume.Links == 0).Sum(volume => volume.Size)),
        ];
    }

    /// <summary>The images, a row for each of their names.</summary>
    internal IEnumerable<ImageUsage> Images()
    {
        Dictionary<string, int> owners = images.SelectMany(image => image.Layers.DistinctBy(layer => layer.Digest)).GroupBy(layer => layer.Digest)
            .ToDictionary(layers => layers.Key, layers => layers.Count());
        return ImageRow.Of(images).Select(row =>
        {
            ILookup<bool, StoredBlob> layers = row.Image.Layers.DistinctBy(layer => layer.Digest).ToLookup(layer => owners[layer.Digest] > 1);
            return new ImageUsage(row, layers[true].Sum(layer => layer.Size), row.Image.Size + layers[false].Sum(layer => layer.Size));
        });
    }

    /// <summary>The image of a container, as its id; the directory where it runs from one.</summary>
    internal static string ImageOf(Container container) => ContainerInspection.ImageOf(container.Definition)?.Config is { } config
        ? Podspawn.Oci.Images.Documents.Digest.Abbreviated(config)
        : container.Definition.Origin;

    // A layer that several images have is there once.
    private static long SizeOf(IReadOnlyList<ImageReport> images) =>
        images.Sum(image => image.Size) + images.SelectMany(image => image.Layers).DistinctBy(layer => layer.Digest).Sum(layer => layer.Size);
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(DiskUsageRow))]
[JsonSerializable(typeof(IReadOnlyList<DiskUsageRow>))]
internal sealed partial class DiskUsageJson : JsonSerializerContext;
