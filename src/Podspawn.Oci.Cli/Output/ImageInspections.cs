using System.Globalization;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Images.Store;

namespace Podspawn.Oci.Cli.Output;

/// <summary>Collects all that is known of an image, and how it was made.</summary>
internal static class ImageInspections
{
    /// <summary>The image that a text stands for; null where the store has none.</summary>
    internal static ImageInspection? Find(ImageStore store, string text) =>
        store.Find(ImageSource.Parse(text)) is { } record && store.All().FirstOrDefault(image => image.Record.Digest == record.Digest) is { } image ? Of(store, image) : null;

    /// <summary>All that is known of an image.</summary>
    internal static ImageInspection Of(ImageStore store, StoredImage image)
    {
        ImageDetails details = store.DetailsOf(image.Record);
        ImageSettings config = details.Config ?? new ImageSettings();
        ImageName[] names = [.. image.Names.Select(ImageName.OfStored).OfType<ImageName>()];
        IReadOnlyList<ImageHistory> history = [.. (details.History ?? []).OfType<ImageHistory>()];
        return new ImageInspection
        {
            Id = Digest.Hex(image.Record.Config),
            Digest = image.Record.Digest,
            RepoTags = [.. names.Where(name => name.Digest is null).Select(name => name.ToString())],
            RepoDigests = [.. names.SelectMany(name => new[] { $"{name.Repository}@{image.Record.Digest}", $"{name.Repository}@{name.Digest ?? image.Record.Digest}" }).Distinct()],
            Comment = history.LastOrDefault()?.Comment ?? "",
            Created = image.Record.Created ?? DateTimeOffset.UnixEpoch,
            Config = config with { Healthcheck = null },
            Author = details.Author ?? "",
            Architecture = image.Record.Platform.Architecture,
            Os = image.Record.Platform.Os,
            Size = image.Record.Size,
            VirtualSize = image.Record.Size,
            GraphDriver = new ImageDriver("unpacked", new Dictionary<string, string> { ["RootDir"] = store.RootOf(image.Record) }),
            RootFS = new ImageRootFS("layers", [.. (details.Rootfs?.DiffIds ?? []).OfType<string>()]),
            Labels = config.Labels ?? new Dictionary<string, string?>(),
            Annotations = store.AnnotationsOf(image.Record),
            ManifestType = "application/vnd.oci.image.manifest.v1+json",
            User = config.User ?? "",
            History = history,
            NamesHistory = image.Names,
            Healthcheck = config.Healthcheck,
        };
    }

    /// <summary>How an image was made, the last step first.</summary>
    internal static IReadOnlyList<ImageStep> StepsOf(ImageStore store, ImageRecord record)
    {
        ImageDetails details = store.DetailsOf(record);
        IReadOnlyList<ImageHistory> history = [.. (details.History ?? []).OfType<ImageHistory>()];
        // A history that tells of other layers than there are is none.
        if (history.Count(step => !step.EmptyLayer) != record.Layers.Count)
            history = [.. record.Layers.Select(_ => new ImageHistory())];
        var steps = new List<ImageStep>();
        int layer = 0;
        foreach (ImageHistory step in history)
        {
            long size = step.EmptyLayer ? 0 : record.Layers[layer++].Size;
            DateTimeOffset? created = DateTimeOffset.TryParse(step.Created, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;
            steps.Add(new ImageStep("<missing>", created, step.CreatedBy ?? "", size, step.Comment ?? "", []));
        }
        steps.Reverse();
        if (steps.Count > 0)
        {
            IEnumerable<string> names = store.All().Where(image => image.Record.Digest == record.Digest).SelectMany(image => image.Names);
            steps[0] = steps[0] with { Id = Digest.Hex(record.Config), Tags = [.. names] };
        }
        return steps;
    }
}
