using Podspawn.Oci.Images.Documents;
using Podspawn.Oci.Images.References;

namespace Podspawn.Oci.Images.Store;

/// <summary>The image that a name stands for.</summary>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="Stamp">The identity of the file that it was read from; null where there was no file.</param>
internal sealed record NamedImage(string Digest, string? Stamp = null);

/// <summary>
/// The index of names: one file for each name, which contains the manifest's digest. The parts of a name are directories, so that a name of any
/// length fits, and a lookup is one read.
/// </summary>
internal sealed class NameIndex(StorePaths paths)
{
    private const string Registry = "docker";

    /// <summary>Finds the image that a source's name stands for; null for none.</summary>
    internal NamedImage? Find(ImageSource source)
    {
        try
        {
            return Parse(File.ReadAllText(FileOf(source.Full())));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Makes a name stand for a digest. The caller holds the store's lock.</summary>
    internal void Set(string name, NamedImage image)
    {
        string file = FileOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        // By rename: a concurrent reader gets either the old digest or the new one.
        string next = $"{paths.Root}/name.next";
        using (FileStream written = File.Create(next))
        {
            written.Write(System.Text.Encoding.UTF8.GetBytes(image.Stamp is null ? image.Digest : $"{image.Digest}\n{image.Stamp}"));
            // After a loss of power the name stands for the one or the other, never for an empty file.
            written.Flush(flushToDisk: true);
        }
        File.Move(next, file, overwrite: true);
    }

    /// <summary>Removes a name, and the directories that contain no other. The caller holds the store's lock.</summary>
    internal void Remove(string name)
    {
        string file = FileOf(name);
        File.Delete(file);
        for (string directory = Path.GetDirectoryName(file)!; directory.Length > paths.Names.Length; directory = Path.GetDirectoryName(directory)!)
        {
            if (Native.PathCalls.Rmdir(directory) != 0)
                break;
        }
    }

    /// <summary>Every name with its digest, in order.</summary>
    internal IReadOnlyList<(string Name, string Digest)> All()
    {
        if (!Directory.Exists(paths.Names))
            return [];
        var found = new List<(string Name, string Digest)>();
        foreach (string file in Directory.EnumerateFiles(paths.Names, "*", SearchOption.AllDirectories))
        {
            if (Parse(File.ReadAllText(file)) is { } image)
                found.Add((NameOf(Path.GetRelativePath(paths.Names, file)), image.Digest));
        }
        found.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return found;
    }

    private static NamedImage? Parse(string text)
    {
        string[] lines = text.Split('\n');
        return Digest.IsValid(lines[0]) ? new NamedImage(lines[0], lines.Length > 1 ? lines[1] : null) : null;
    }

    // docker.io/library/busybox:1 is docker/docker.io/library/busybox/:1 and oci:/a/b:t is oci/a/b/:t. No part of a registry's name begins with one
    // of the marks; a part of a path that does so is escaped.
    private string FileOf(string name)
    {
        (string transport, string rest) = TransportOf(name);
        int cut = transport == Registry && rest.IndexOf('@') is > 0 and var at ? at : rest.IndexOf(':', rest.LastIndexOf('/') + 1);
        string path = cut < 0 ? rest : rest[..cut], selector = cut < 0 ? ":" : rest[cut..];
        // The reference within an archive may itself contain slashes.
        if (transport != Registry && rest.IndexOf(':') is > 0 and var colon)
            (path, selector) = (rest[..colon], rest[colon..]);
        IEnumerable<string> parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(part => part[0] is ':' or '@' or '%' ? $"%{part}" : part);
        return $"{paths.Names}/{transport}/{string.Join('/', parts)}/{selector.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal)}";
    }

    private static string NameOf(string file)
    {
        string[] parts = file.Split('/');
        string selector = parts[^1].Replace("%2F", "/", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
        string path = string.Join('/', parts[1..^1].Select(part => part[0] == '%' ? part[1..] : part));
        return parts[0] == Registry ? path + selector : $"{parts[0]}:/{path}{(selector == ":" ? "" : selector)}";
    }

    private static (string Transport, string Place) TransportOf(string name)
    {
        foreach (string transport in new[] { "oci", "oci-archive", "docker-archive", "import" })
        {
            if (name.StartsWith($"{transport}:/", StringComparison.Ordinal))
                return (transport, name[(transport.Length + 1)..]);
        }
        return (Registry, name);
    }
}
