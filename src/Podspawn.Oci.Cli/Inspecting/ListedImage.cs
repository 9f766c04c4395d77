using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Cli.Templates;
using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.Store;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>An image as <c>images --format json</c> prints it, in podman's names; what is ours alone is in <see cref="Podspawn"/>. Sizes are in bytes.</summary>
internal sealed record ListedImage
{
    public required string Id { get; init; }
    public required string Digest { get; init; }
    public required IReadOnlyList<string> RepoTags { get; init; }
    public required IReadOnlyList<string> RepoDigests { get; init; }
    public required IReadOnlyList<string> Names { get; init; }
    public required long Size { get; init; }
    public required long VirtualSize { get; init; }
    public required string Created { get; init; }
    public required string CreatedAt { get; init; }
    public required IReadOnlyDictionary<string, string?> Labels { get; init; }
    public required IReadOnlyList<string> History { get; init; }
    public required int Containers { get; init; }
    public required ListedImagePart Podspawn { get; init; }
}

/// <summary>What podman has no field for: <c>Containers</c> are the names of those that run from it.</summary>
internal sealed record ListedImagePart(int Version, string Platform, IReadOnlyList<StoredBlob> Layers, string Pulled, string? Used, IReadOnlyList<string> Containers);

/// <summary>Makes rows of images.</summary>
internal static class ListedImages
{
    /// <summary>What the row of an image is called in messages.</summary>
    internal const string Group = "an image in images";

    private static readonly string[] Shown = ["ID", "Repository", "Tag", "CreatedAt", "CreatedSince", "CreatedTime", "Size", "SharedSize", "UniqueSize", "VirtualSize", "Platform"];

    /// <summary>The names of a row's fields.</summary>
    internal static IReadOnlyCollection<string> Fields() => [.. Shown.Union(JsonValues.NamesOf(InspectJson.Default.ListedImage))];

    /// <summary>The image as JSON has it.</summary>
    internal static ListedImage Of(ImageReport image) => new()
    {
        Id = Digest.Hex(image.Config),
        Digest = image.Digest,
        RepoTags = ImageNames.Tags(image.Names),
        RepoDigests = ImageNames.Digests(image.Names, image.Digest),
        Names = image.Names,
        Size = image.Size,
        VirtualSize = image.Size,
        Created = GoTime.Json(image.Created ?? image.Pulled),
        CreatedAt = GoTime.Json(image.Created ?? image.Pulled),
        Labels = image.Labels.Value,
        History = image.Names,
        Containers = image.Containers.Count,
        Podspawn = new ListedImagePart(ContainerInspection.Version, image.Platform, image.Layers, GoTime.Json(image.Pulled),
            image.Used is { } used ? GoTime.Json(used) : null, image.Containers),
    };

    /// <summary>The image as a template sees it, under one of its names.</summary>
    internal static GoStruct Row(ImageRow row, bool whole)
    {
        ImageReport image = row.Image;
        DateTimeOffset created = image.Created ?? image.Pulled;
        GoText size = Text(ByteSize.Format(image.Size)), at = Text(GoTime.Column(created));
        return JsonValues.Of(Of(image), InspectJson.Default.ListedImage, Group, new Dictionary<string, GoValue>
        {
            ["ID"] = Text(ImageTable.IdOf(image, whole)),
            ["Repository"] = Text(row.Repository),
            ["Tag"] = Text(row.Tag),
            ["History"] = Text(string.Join(", ", image.Names)),
            ["CreatedAt"] = at,
            ["CreatedSince"] = Text(Age.Since(created)),
            ["CreatedTime"] = at,
            ["Size"] = size,
            ["SharedSize"] = Text("N/A"),
            ["UniqueSize"] = size,
            ["VirtualSize"] = size,
            ["Platform"] = Text(image.Platform),
        });
    }

    private static GoText Text(string text) => new(text, Foreign: true);
}
