using System.Formats.Tar;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Fetching;
using Podspawn.Oci.Images.References;

namespace Podspawn.Oci.Images.Loading;

/// <summary>An image in a file.</summary>
/// <param name="Selector">What selects it there; null for the only one.</param>
/// <param name="Names">Its names; none for a nameless one.</param>
internal sealed record ContainedImage(string? Selector, IReadOnlyList<string> Names);

/// <summary>Tells which images a file has: one that docker save has written, or an OCI image layout. Both come from strangers.</summary>
/// <param name="Transport">The kind of file.</param>
/// <param name="Images">Its images.</param>
internal sealed record ArchiveContents(ImageTransport Transport, IReadOnlyList<ContainedImage> Images)
{
    private const int Largest = 4 << 20;
    private const string List = "manifest.json", Index = "index.json", Layout = "oci-layout";

    /// <summary>Reads what an archive has.</summary>
    /// <param name="path">The archive, not compressed.</param>
    /// <param name="shown">Its name in messages.</param>
    /// <param name="cancel">Cancels the reading.</param>
    /// <exception cref="ImageException">It has no image.</exception>
    internal static ArchiveContents Read(string path, string shown, CancellationToken cancel)
    {
        Dictionary<string, byte[]> documents = Documents(path, shown, cancel);
        // Newer docker writes both; only its list tells every name.
        if (documents.TryGetValue(List, out byte[]? list))
        {
            IEnumerable<ContainedImage> images = ImageJson.ParseSaved(list).Select((image, i) => new ContainedImage($"@{i}", NamesOf(image?.RepoTags ?? [])));
            return new ArchiveContents(ImageTransport.DockerArchive, [.. images]);
        }
        if (documents.TryGetValue(Index, out byte[]? index) && documents.ContainsKey(Layout))
            return new ArchiveContents(ImageTransport.OciArchive, ImagesIn(ImageJson.ParseIndex(index), shown));
        throw new ImageException($"{shown}: has neither the list of images that docker save writes ({List}) nor an OCI image layout ({Layout}) in it; give a saved image. " +
            $"The archive of a root filesystem becomes an image by {Operation.Import}");
    }

    /// <summary>Reads what a layout in a directory has.</summary>
    /// <exception cref="ImageException">It has no image.</exception>
    internal static ArchiveContents ReadDirectory(string path, string shown) =>
        new(ImageTransport.OciLayout, ImagesIn(ImageJson.ReadManifest($"{path}/{Index}"), shown));

    private static IReadOnlyList<ContainedImage> ImagesIn(ImageManifest index, string shown)
    {
        ImageDescriptor[] manifests = [.. (index.Manifests ?? []).OfType<ImageDescriptor>()];
        if (manifests.Length == 0)
            throw new ImageException($"{shown}: its index has no image; save it anew");
        // One manifest may stand there under several names.
        return [.. manifests.GroupBy(manifest => manifest.Digest).Select(same => new ContainedImage(
            manifests.Length == 1 ? null : same.Select(TagOf).FirstOrDefault(tag => tag is { Length: > 0 }),
            NamesOf(same.Select(StoredLayout.NameOf))))];
    }

    private static string? TagOf(ImageDescriptor manifest) => manifest.Annotations?.GetValueOrDefault(StoredLayout.NameAnnotation);

    // What cannot be a name is left out, as by docker; so is what would hide an image that is known by its digest.
    private static IReadOnlyList<string> NamesOf(IEnumerable<string?> texts) =>
        [.. texts.OfType<string>().Select(ImageName.OfStored).Where(name => name is { Digest: null, IsLikeDigest: false }).Select(name => name!.ToString()).Distinct()];

    private static Dictionary<string, byte[]> Documents(string path, string shown, CancellationToken cancel)
    {
        var found = new Dictionary<string, byte[]>();
        try
        {
            using FileStream file = File.OpenRead(path);
            using var tar = new TarReader(file, leaveOpen: true);
            while (tar.GetNextEntry() is { } entry)
            {
                cancel.ThrowIfCancellationRequested();
                string name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
                if (name is not (List or Index or Layout) || entry.DataStream is null || entry.Length is 0 or > Largest)
                    continue;
                byte[] content = new byte[entry.Length];
                entry.DataStream.ReadExactly(content);
                found[name] = content;
            }
            return found;
        }
        // On malformed headers TarReader also throws exceptions that its documentation does not name.
        catch (Exception e) when (e is InvalidDataException or IOException or FormatException or OverflowException or ArgumentException or InvalidOperationException
            or NotSupportedException)
        {
            throw new ImageException($"{shown}: payload does not match any of the supported image formats: " +
                $"it is no whole tar archive; give what docker save, podman save or {Operation.Save} have written, as it is or compressed");
        }
    }
}
