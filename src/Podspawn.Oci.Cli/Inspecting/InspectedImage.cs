using System.Text.Json;
using System.Text.Json.Serialization;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>An image as <c>inspect</c> prints it. Names and forms are docker's and podman's; what is ours alone is in <see cref="Podspawn"/>.</summary>
internal sealed record InspectedImage
{
    public required string Id { get; init; }
    public required string Digest { get; init; }
    public required IReadOnlyList<string> RepoTags { get; init; }
    public required IReadOnlyList<string> RepoDigests { get; init; }
    public required string Parent { get; init; }
    public required string Comment { get; init; }
    public required string Created { get; init; }
    public required string Author { get; init; }
    public required ImageSettingsReport Config { get; init; }
    public required string Architecture { get; init; }
    public required string Variant { get; init; }
    public required string Os { get; init; }
    public required long Size { get; init; }
    public required long VirtualSize { get; init; }
    public required InspectedDriver GraphDriver { get; init; }
    public required InspectedLayers RootFS { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
    public required string User { get; init; }
    public required IReadOnlyList<InspectedStep> History { get; init; }
    public required InspectedImagePart Podspawn { get; init; }
}

/// <summary>The layers of an image: the digests of their contents, the lowest first.</summary>
internal sealed record InspectedLayers(string Type, IReadOnlyList<string> Layers);

/// <summary>One step of an image's making, in the names of the OCI image spec.</summary>
internal sealed record InspectedStep
{
    [JsonPropertyName("created")]
    public string? Created { get; init; }

    [JsonPropertyName("created_by")]
    public string? CreatedBy { get; init; }

    [JsonPropertyName("author")]
    public string? Author { get; init; }

    [JsonPropertyName("comment")]
    public string? Comment { get; init; }

    [JsonPropertyName("empty_layer")]
    public bool EmptyLayer { get; init; }
}

/// <summary>What docker and podman have no field for. Sizes are in bytes.</summary>
internal sealed record InspectedImagePart(int Version, string Platform, IReadOnlyList<Images.Store.StoredBlob> Layers, string Pulled, string Root);

/// <summary>How an image asks to be run, in its own words.</summary>
internal sealed record ImageSettingsReport
{
    public string User { get; init; } = "";
    public IReadOnlyDictionary<string, JsonElement> ExposedPorts { get; init; } = new Dictionary<string, JsonElement>();
    public IReadOnlyList<string> Env { get; init; } = [];
    public IReadOnlyList<string> Entrypoint { get; init; } = [];
    public IReadOnlyList<string> Cmd { get; init; } = [];
    public IReadOnlyDictionary<string, JsonElement> Volumes { get; init; } = new Dictionary<string, JsonElement>();
    public string WorkingDir { get; init; } = "";
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    public string StopSignal { get; init; } = "";
}
