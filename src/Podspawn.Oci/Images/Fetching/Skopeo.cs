using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.References;

namespace Podspawn.Oci.Images.Fetching;

/// <summary>The arguments of skopeo (skopeo(1), skopeo-copy(1), skopeo-inspect(1)).</summary>
internal static class Skopeo
{
    internal const string Program = "skopeo";

    /// <summary>The tag in the intermediate layouts.</summary>
    internal const string Tag = "image";

    // Fast compression: what was uncompressed before need not become small.
    private static readonly string[] Gzip = ["--dest-compress-format", "gzip", "--dest-compress-level", "1"];

    /// <summary>
    /// Copies an image to an OCI image layout, with its layers unchanged. Those of a docker archive are not compressed, which skopeo would not write
    /// to the manifest: they are compressed in the copy.
    /// </summary>
    internal static IReadOnlyList<string> Copy(ImageSource source, string layout, FetchOptions options, string temporary) =>
    [
        .. Global(options), Temporary(temporary), "copy", "--quiet", .. Source(options, "--src-"),
        .. source.Transport == ImageTransport.DockerArchive ? Gzip : ["--dest-oci-accept-uncompressed-layers"],
        "--", source.ForSkopeo(), $"oci:{layout}:{Tag}",
    ];

    /// <summary>
    /// Copies an image from one of our layouts to another, with all layers compressed by gzip. The signature policy was applied to its source when it
    /// was fetched.
    /// </summary>
    internal static IReadOnlyList<string> Recompress(string from, string to, string temporary) =>
        ["--insecure-policy", Temporary(temporary), "copy", "--quiet", .. Gzip, "--", $"oci:{from}:{Tag}", $"oci:{to}:{Tag}"];

    /// <summary>Copies an image from one of our layouts to a registry, and writes the digest of its manifest there to a file.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="destination">The name in the registry.</param>
    /// <param name="options">How to reach the registry.</param>
    /// <param name="format"><c>oci</c> or <c>v2s2</c>; null for the image's own, or what the registry takes.</param>
    /// <param name="digestFile">The file.</param>
    /// <param name="temporary">The directory for temporary files.</param>
    internal static IReadOnlyList<string> Send(string layout, ImageName destination, FetchOptions options, string? format, string digestFile, string temporary) =>
    [
        "--insecure-policy", Temporary(temporary), "copy", "--quiet", .. Source(options, "--dest-"), .. format is null ? [] : (string[])["--format", format],
        $"--digestfile={digestFile}", "--", $"oci:{layout}:{Tag}", $"docker://{destination}",
    ];

    /// <summary>Prints the source's manifest, or its index.</summary>
    internal static IReadOnlyList<string> InspectRaw(string source, FetchOptions options, string temporary) =>
        [.. Global(options), Temporary(temporary), "inspect", "--raw", .. Source(options, "--"), "--", source];

    /// <summary>Prints the names that an archive has for its images.</summary>
    internal static IReadOnlyList<string> ListTags(string archive, string temporary) => [Temporary(temporary), "list-tags", "--", $"docker-archive:{archive}"];

    // Without the flag large files go to /var/tmp whatever TMPDIR says, and stay there when skopeo is killed.
    private static string Temporary(string directory) => $"--tmpdir={directory}";

    private static IEnumerable<string> Global(FetchOptions options)
    {
        if (options.SignaturePolicy is { } policy)
            yield return $"--policy={policy}";
        ImagePlatform platform = options.Platform ?? ImagePlatform.Host;
        yield return $"--override-os={platform.Os}";
        yield return $"--override-arch={platform.Architecture}";
        if (platform.Variant is { } variant)
            yield return $"--override-variant={variant}";
    }

    private static IEnumerable<string> Source(FetchOptions options, string prefix)
    {
        if (options.AuthFile is { } file)
            yield return $"{prefix}authfile={file}";
        if (options.TlsVerify is { } verify)
            yield return $"{prefix}tls-verify={(verify ? "true" : "false")}";
        if (options.CertificateDirectory is { } directory)
            yield return $"{prefix}cert-dir={directory}";
    }

    /// <summary>The manifest for the platform in an index; null where it has none, or where skopeo may choose another.</summary>
    internal static ImageDescriptor? Choose(ImageManifest index, ImagePlatform platform) =>
        index.Manifests?.FirstOrDefault(manifest => manifest.Platform is { Os: { } os, Architecture: { } architecture } at
            && new ImagePlatform(os, architecture, at.Variant).Satisfies(platform));
}
