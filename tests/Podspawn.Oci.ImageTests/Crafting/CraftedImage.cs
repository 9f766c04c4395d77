using System.Text.Json.Nodes;

namespace Podspawn.Oci.ImageTests.Crafting;

/// <summary>A layer of an image that is made byte by byte, with the lies that are told of it.</summary>
internal sealed record CraftedLayer(Action<TarWriter> Write)
{
    internal bool Compressed { get; init; } = true;

    /// <summary>Whether a compressed one is compressed by zstd, not gzip.</summary>
    internal bool Zstd { get; init; }

    /// <summary>Null for the one that fits.</summary>
    internal string? MediaType { get; init; }

    /// <summary>The diff_id to tell; null for the truth.</summary>
    internal string? ToldDiffId { get; init; }

    /// <summary>The digest to tell, under which the blob also lies; null for the truth.</summary>
    internal string? ToldDigest { get; init; }

    /// <summary>The size to tell; null for the truth.</summary>
    internal long? ToldSize { get; init; }

    /// <summary>The bytes of the archive that are kept; null for all. Its diff_id is then that of what is kept.</summary>
    internal long? KeptOfArchive { get; init; }

    /// <summary>The bytes of the blob that are kept; null for all. Its digest is then that of what is kept.</summary>
    internal long? KeptOfBlob { get; init; }

    /// <summary>Whether the blob is told of, but not there.</summary>
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

/// <summary>An image that is made byte by byte.</summary>
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

    /// <summary>What is written in place of the configuration.</summary>
    internal string? ConfigurationText { get; init; }

    /// <summary>What is written in place of the manifest.</summary>
    internal string? ManifestText { get; init; }
}
