using Podspawn.Oci.Images.References;
using Podspawn.Oci.Native;

namespace Podspawn.Oci.Images.Store;

/// <summary>Gives images of a store further names, and takes names away.</summary>
public sealed class ImageTags(ImageStore store)
{
    /// <summary>Gives an image further names; each of them stands for no other image from then on.</summary>
    /// <param name="source">The image.</param>
    /// <param name="names">The names, without digests.</param>
    /// <exception cref="NoSuchImageException">The store has no such image.</exception>
    public void Tag(ImageSource source, IReadOnlyList<ImageName> names)
    {
        ImageRecord record = store.Require(source);
        foreach (ImageName name in names)
        {
            if (!store.TrySetName(name.ToString(), record.Digest))
                throw new NoSuchImageException(source.Text);
        }
    }

    /// <summary>Takes names from an image, which stays.</summary>
    /// <param name="source">The image.</param>
    /// <param name="names">The names; none for all that it has.</param>
    /// <returns>The names that it had.</returns>
    /// <exception cref="NoSuchImageException">The store has no such image.</exception>
    /// <exception cref="ImageException">The image has no such name; it has kept all of its names.</exception>
    public IReadOnlyList<string> Untag(ImageSource source, IReadOnlyList<ImageName> names)
    {
        string digest = store.Require(source).Digest;
        using FileLock held = FileLock.Take(store.Paths.Lock);
        string[] there = [.. store.Names.All().Where(name => name.Digest == digest).Select(name => name.Name)];
        string[] gone = names.Count == 0 ? there : [.. names.Select(name => Own(name, there, source)).Distinct()];
        foreach (string name in gone)
            store.Names.Remove(name);
        return gone;
    }

    private static string Own(ImageName name, string[] there, ImageSource source)
    {
        string local = name is { Domain: "docker.io" } ? $"localhost/{LocalPath(name)}:{name.Tag}" : "";
        return there.FirstOrDefault(other => other == name.ToString()) ?? there.FirstOrDefault(other => other == local)
            ?? throw new ImageException($"{source.Text}: has not the name {name}; it has {(there.Length == 0 ? "none" : string.Join(", ", there))}");
    }

    private static string LocalPath(ImageName name) => name.Path.StartsWith("library/", StringComparison.Ordinal) ? name.Path["library/".Length..] : name.Path;
}
