using System.Text.Json;

namespace Podspawn.Oci.Images.Documents;

/// <summary>An image manifest, as far as we read it (OCI image spec, manifest.md).</summary>
public sealed record ImageManifest
{
    /// <summary>2.</summary>
    public int SchemaVersion { get; init; }

    /// <summary>The media type; older images have none.</summary>
    public string? MediaType { get; init; }

    /// <summary>The configuration's blob.</summary>
    public ImageDescriptor? Config { get; init; }

    /// <summary>The layers, the lowest first.</summary>
    public IReadOnlyList<ImageDescriptor>? Layers { get; init; }

    /// <summary>Notes, as they are: nothing depends on them.</summary>
    public JsonElement? Annotations { get; init; }

    /// <summary>In an index: its manifests (image-index.md).</summary>
    public IReadOnlyList<ImageDescriptor>? Manifests { get; init; }
}

/// <summary>A blob: its type, and how to identify it (OCI image spec, descriptor.md).</summary>
public sealed record ImageDescriptor
{
    /// <summary>The media type.</summary>
    public string? MediaType { get; init; }

    /// <summary><c>sha256:...</c>.</summary>
    public string? Digest { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; init; }

    /// <summary>Of a foreign layer: a list of where else it may be fetched, as it is.</summary>
    public JsonElement? Urls { get; init; }

    /// <summary>In an index: the platform of the manifest.</summary>
    public DescriptorPlatform? Platform { get; init; }

    /// <summary>Notes; <c>org.opencontainers.image.ref.name</c> is the tag in a layout.</summary>
    public IReadOnlyDictionary<string, string?>? Annotations { get; init; }
}

/// <summary>The platform of an index's manifest (OCI image spec, image-index.md).</summary>
public sealed record DescriptorPlatform
{
    /// <summary>GOARCH.</summary>
    public string? Architecture { get; init; }

    /// <summary>GOOS.</summary>
    public string? Os { get; init; }

    /// <summary>The CPU's variant.</summary>
    public string? Variant { get; init; }
}
