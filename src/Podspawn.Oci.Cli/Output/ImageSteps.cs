using System.Globalization;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Store;

namespace Podspawn.Oci.Cli.Output;

/// <summary>Tells how an image was made.</summary>
internal static class ImageSteps
{
    /// <summary>How an image was made, the last step first.</summary>
    internal static IReadOnlyList<ImageStep> Of(ImageStore store, ImageRecord record)
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
