using System.Text.Json.Nodes;

namespace Podspawn.Oci.ImageTests.Crafting;

/// <summary>A layer of an image that is built byte by byte, with false statements about it.</summary>
internal sealed record CraftedLayer(Action<TarWriter> Write)
{
    internal bool Compressed { get; init; } = true;

    /// <summary>Whether a compressed layer is compressed by zstd, not gzip.</summary>
    internal bool Zstd { get; init; }

    /// <summary>The stated media type; null for the right one.</summary>
    internal string? MediaType { get; init; }

    /// <summary>The stated diff_id; null for the right one.</summary>
    internal string? ToldDiffId { get; init; }

    /// <summary>The stated digest, under which the blob is also stored; null for the right one.</summary>
    internal string? ToldDigest { get; init; }

    /// <summary>The stated size; null for the right one.</summary>
    internal long? ToldSize { get; init; }

    /// <summary>The length to which the archive is truncated; null for all of it. The diff_id is that of the truncated archive.</summary>
    internal long? KeptOfArchive { get; init; }

    /// <summary>The length to which the blob is truncated; null for all of it. The digest is that of the truncated blob.</summary>
    internal long? KeptOfBlob { get; init; }

    /// <summary>Whether the blob is listed, but missing.</summary>
    internal bool Missing { get; init; }

    internal static CraftedLayer Of(params IEnumerable<TarEntry> entries) => new(tar =>
    {
        foreach (TarEntry entry in entries)
            tar.Add(entry);
        tar.End();
    });

    /// <summary>A layer with the files of a directory: directories, files and symbolic links.</summary>
    internal static CraftedLayer OfTree(string root) => Of(EntriesOf(root));

    private static IEnumerable<TarEntry> EntriesOf(string root)
    {
        yield return TarEntry.Directory("./");
        foreach (FileSystemInfo info in new DirectoryInfo(root).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).OrderBy(info => info.FullName, StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(root, info.FullName);
            if (info.LinkTarget is { } target)
                yield return TarEntry.Symlink(name, target);
            else if (info is DirectoryInfo)
                yield return TarEntry.Directory($"{name}/", (int)info.UnixFileMode);
            else
                yield return new TarEntry(name) { Mode = (int)info.UnixFileMode, Content = File.ReadAllBytes(info.FullName) };
        }
    }
}

/// <summary>An image that is built byte by byte.</summary>
internal sealed record CraftedImage(params CraftedLayer[] Layers)
{
    internal string? Architecture { get; init; } = LayoutBuilder.HostArchitecture;

    internal string? Os { get; init; } = "linux";

    internal string? Variant { get; init; }

    /// <summary>The configuration's member <c>config</c>.</summary>
    internal JsonNode? Config { get; init; } = new JsonObject();

    /// <summary>Changes the configuration before it is written.</summary>
    internal Action<JsonObject> ChangeConfiguration { get; init; } = _ => { };

    /// <summary>Changes the manifest before it is written.</summary>
    internal Action<JsonObject> ChangeManifest { get; init; } = _ => { };

    /// <summary>A text that replaces the configuration.</summary>
    internal string? ConfigurationText { get; init; }

    /// <summary>A text that replaces the manifest.</summary>
    internal string? ManifestText { get; init; }
}
