using System.Text.Json;
using System.Text.Json.Serialization;
using Podspawn.Oci.Images.Documents;

namespace Podspawn.Oci.Cli.Output;

/// <summary>An image as <c>inspect</c> prints it, in podman's words. Sizes are in bytes, times those of the image itself.</summary>
internal sealed record ImageInspection
{
    public required string Id { get; init; }

    public required string Digest { get; init; }

    public required IReadOnlyList<string> RepoTags { get; init; }

    public required IReadOnlyList<string> RepoDigests { get; init; }

    public string Parent { get; init; } = "";

    public required string Comment { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required ImageSettings Config { get; init; }

    public string Version { get; init; } = "";

    public required string Author { get; init; }

    public required string Architecture { get; init; }

    public required string Os { get; init; }

    public required long Size { get; init; }

    public required long VirtualSize { get; init; }

    public required ImageDriver GraphDriver { get; init; }

    public required ImageRootFS RootFS { get; init; }

    public required IReadOnlyDictionary<string, string?> Labels { get; init; }

    public required IReadOnlyDictionary<string, string?> Annotations { get; init; }

    public required string ManifestType { get; init; }

    public required string User { get; init; }

    public required IReadOnlyList<ImageHistory> History { get; init; }

    public required IReadOnlyList<string> NamesHistory { get; init; }

    public JsonElement? Healthcheck { get; init; }
}

/// <summary>Where an image's root filesystem is: <c>Data</c> has <c>RootDir</c>, which no one may write to.</summary>
internal sealed record ImageDriver(string Name, IReadOnlyDictionary<string, string> Data);

/// <summary>The digests of an image's layers once decompressed, the lowest first.</summary>
internal sealed record ImageRootFS(string Type, IReadOnlyList<string> Layers);

/// <summary>A step of an image's making, as <c>history</c> prints it. The size is that of the layer as it is kept.</summary>
internal sealed record ImageStep(string Id, DateTimeOffset? Created, string CreatedBy, long Size, string Comment, IReadOnlyList<string> Tags);

/// <summary>Their JSON: names as they are here.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<ImageInspection>))]
[JsonSerializable(typeof(IReadOnlyList<ImageStep>))]
internal sealed partial class ImageJson : JsonSerializerContext;
