using Podspawn.Oci.Images.References;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>Reads the words that name images, for the verbs that have no other use of them.</summary>
internal static class ImageWords
{
    private static readonly string[] Others = ["containers-storage:", "dir:", "docker-archive:", "docker-daemon:", "http://", "https://", "oci:", "oci-archive:", "ostree:"];

    /// <summary>A name that an image of the store can be given.</summary>
    /// <exception cref="UsageException">The text is no such name.</exception>
    internal static ImageName Name(string text)
    {
        ImageSource source = ImageSource.Parse(text);
        if (source.Transport != ImageTransport.Registry)
            throw new UsageException($"'{text}': an image in the store cannot be called so; write NAME[:TAG]");
        ImageName name = source.RequireName();
        if (name.Digest is not null)
            throw new UsageException($"'{text}': an image's digest comes of its content; write NAME[:TAG]");
        return name.IsLikeDigest ? throw new UsageException($"'{text}': reads like the digest of an image, and would hide that one; write another NAME[:TAG]") : name;
    }

    /// <summary>
    /// A name that an image is given here. As with podman, one without a registry is of this host (<c>localhost/NAME</c>): it neither hides nor replaces
    /// what a registry has under that name.
    /// </summary>
    /// <inheritdoc cref="Name" path="/exception"/>
    internal static ImageName New(string text)
    {
        ImageName name = Name(text);
        return ImageSource.Parse(text).OfThisHost ?? name;
    }

    /// <summary>A place in a registry that an image is copied to.</summary>
    /// <exception cref="UsageException">The text is no such place.</exception>
    internal static ImageName Destination(string text)
    {
        if (text.StartsWith("docker://", StringComparison.Ordinal))
            return Name(text["docker://".Length..]);
        return Others.Any(prefix => text.StartsWith(prefix, StringComparison.Ordinal))
            ? throw new UsageException($"'{text}': is no place in a registry; write HOST[:PORT]/NAME[:TAG]. Files are written by podspawn-oci save")
            : Name(text);
    }
}
