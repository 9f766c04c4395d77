using System.Text.Json;
using System.Text.Json.Serialization;

namespace Podspawn.Oci.Images.Documents;

/// <summary>
/// An image's configuration for people who look at it (OCI image spec, config.md): more of it than a launch needs. It is read when somebody asks, so
/// that a wrong label keeps no image from running. Nothing of it is checked.
/// </summary>
public sealed record ImageDetails
{
    /// <summary>When it was created (RFC 3339).</summary>
    public string? Created { get; init; }

    /// <summary>Who created it.</summary>
    public string? Author { get; init; }

    /// <summary>GOARCH.</summary>
    public string? Architecture { get; init; }

    /// <summary>GOOS.</summary>
    public string? Os { get; init; }

    /// <summary>The CPU's variant.</summary>
    public string? Variant { get; init; }

    /// <summary>How to run it.</summary>
    public ImageSettings? Config { get; init; }

    /// <summary>The layers' contents.</summary>
    public ImageRootfs? Rootfs { get; init; }

    /// <summary>How each layer came about, the lowest first.</summary>
    public IReadOnlyList<ImageHistory?>? History { get; init; }
}

/// <summary>The member <c>config</c>, all of it that the OCI image spec and docker name.</summary>
public sealed record ImageSettings
{
    /// <summary>USER[:GROUP].</summary>
    public string? User { get; init; }

    /// <summary>PORT/PROTOCOL.</summary>
    public IReadOnlyDictionary<string, JsonElement>? ExposedPorts { get; init; }

    /// <summary>NAME=value.</summary>
    public IReadOnlyList<string?>? Env { get; init; }

    /// <summary>The command's fixed part.</summary>
    public IReadOnlyList<string?>? Entrypoint { get; init; }

    /// <summary>The command, or the entry point's default arguments.</summary>
    public IReadOnlyList<string?>? Cmd { get; init; }

    /// <summary>Paths with data that is written.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Volumes { get; init; }

    /// <summary>The working directory.</summary>
    public string? WorkingDir { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string?>? Labels { get; init; }

    /// <summary>The stop signal.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Docker's health check, as it is.</summary>
    public JsonElement? Healthcheck { get; init; }
}

/// <summary>One step of an image's making (OCI image spec, config.md, "history").</summary>
public sealed record ImageHistory
{
    /// <summary>When (RFC 3339).</summary>
    [JsonPropertyName("created")]
    public string? Created { get; init; }

    /// <summary>By which command.</summary>
    [JsonPropertyName("created_by")]
    public string? CreatedBy { get; init; }

    /// <summary>By whom.</summary>
    [JsonPropertyName("author")]
    public string? Author { get; init; }

    /// <summary>A comment.</summary>
    [JsonPropertyName("comment")]
    public string? Comment { get; init; }

    /// <summary>Whether it made no layer.</summary>
    [JsonPropertyName("empty_layer")]
    public bool EmptyLayer { get; init; }
}

/// <summary>Configurations as people look at them: names in any case, as in what a launch reads.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ImageDetails))]
[JsonSerializable(typeof(IReadOnlyList<SavedImage?>))]
internal sealed partial class DetailDocuments : JsonSerializerContext;

/// <summary>An image in the list of what docker save writes (<c>manifest.json</c>).</summary>
internal sealed record SavedImage
{
    /// <summary>The path of its configuration in the archive.</summary>
    public string? Config { get; init; }

    /// <summary>Its names.</summary>
    public IReadOnlyList<string?>? RepoTags { get; init; }

    /// <summary>The paths of its layers in the archive, the lowest first.</summary>
    public IReadOnlyList<string?>? Layers { get; init; }
}
