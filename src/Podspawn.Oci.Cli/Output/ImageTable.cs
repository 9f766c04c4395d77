using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.References;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Output;

/// <summary>A row of the list of images: an image under one of its names.</summary>
/// <param name="Image">The image.</param>
/// <param name="Repository">Its repository; where it came from, if that is no registry.</param>
/// <param name="Tag">Its tag.</param>
internal sealed record ImageRow(ImageReport Image, string Repository, string Tag)
{
    internal const string None = "<none>";

    /// <summary>A row for each name of each image.</summary>
    internal static IEnumerable<ImageRow> Of(IEnumerable<ImageReport> images) =>
        images.SelectMany(image => image.Names.Count == 0 ? [new ImageRow(image, None, None)] : image.Names.Select(name => Of(image, name)));

    private static ImageRow Of(ImageReport image, string name) => ImageName.OfStored(name) is { } parsed
        ? new ImageRow(image, parsed.Repository, parsed.Tag ?? None)
        : new ImageRow(image, name, None);
}

/// <summary>The list of images as docker and podman show it.</summary>
internal static class ImageTable
{
    private static readonly Dictionary<string, Comparison<ImageRow>> Orders = new()
    {
        ["created"] = (a, b) => MadeAt(b).CompareTo(MadeAt(a)),
        ["id"] = (a, b) => string.CompareOrdinal(a.Image.Config, b.Image.Config),
        ["repository"] = (a, b) => string.CompareOrdinal(a.Repository, b.Repository),
        ["size"] = (a, b) => a.Image.Size.CompareTo(b.Image.Size),
        ["tag"] = (a, b) => string.CompareOrdinal(a.Tag, b.Tag),
    };

    /// <summary>The words for an order.</summary>
    internal static IEnumerable<string> OrderNames => Orders.Keys;

    /// <summary>The rows in an order; those that are equal in it keep theirs.</summary>
    /// <exception cref="UsageException">There is no such order.</exception>
    internal static IReadOnlyList<ImageRow> Sorted(IEnumerable<ImageRow> rows, string order) => Orders.TryGetValue(order, out Comparison<ImageRow>? compare)
        ? [.. rows.Order(Comparer<ImageRow>.Create(compare))]
        : throw new UsageException($"--sort: '{order}' is not known; use {string.Join(", ", Orders.Keys)}");

    /// <summary>Prints the table.</summary>
    internal static void Print(IReadOnlyList<ImageRow> rows, bool digests, bool whole, bool heading)
    {
        var table = new TextTable(["REPOSITORY", "TAG", .. digests ? ["DIGEST"] : (string[])[], "IMAGE ID", "CREATED", "SIZE"]);
        foreach (ImageRow row in rows)
        {
            table.Add([
                row.Repository, row.Tag, .. digests ? [row.Image.Digest] : (string[])[], IdOf(row.Image, whole), Age.Since(MadeAt(row)), ByteSize.Format(row.Image.Size),
            ]);
        }
        if (heading)
            table.Print();
        else
            Streams.Output.Write(string.Concat(table.Lines().Skip(1).Select(line => $"{line}\n")));
    }

    /// <summary>An image's id, as docker and podman show it: the digest of its configuration.</summary>
    internal static string IdOf(ImageReport image, bool whole) => whole ? image.Config : Digest.Abbreviated(image.Config);

    private static DateTimeOffset MadeAt(ImageRow row) => row.Image.Created ?? row.Image.Pulled;
}
