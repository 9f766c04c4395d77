using Podspawn.Oci.Errors;


namespace Podspawn.Oci.Images.References;

/// <summary>Where an image comes from.</summary>
public enum ImageTransport
{
    /// <summary>A registry (<c>docker://REF</c>, or a bare name).</summary>
    Registry,

    /// <summary>An OCI image layout in a directory (<c>oci:DIR[:TAG]</c>).</summary>
    OciLayout,

    /// <summary>An OCI image layout in a tar file (<c>oci-archive:FILE[:TAG]</c>).</summary>
    OciArchive,

    /// <summary>What <c>docker save</c> writes (<c>docker-archive:FILE[:REF]</c>).</summary>
    DockerArchive,

    /// <summary>A directory that is a root filesystem (<c>dir:PATH</c>, the same as <c>--rootfs</c>).</summary>
    Directory,

    /// <summary>An OCI bundle (<c>bundle:PATH</c>, the same as <c>--bundle</c>).</summary>
    Bundle,
}

/// <summary>An image as the user names it: a transport and a location, in the words of containers-transports(5).</summary>
/// <param name="Transport">The transport.</param>
/// <param name="Path">The absolute path of a directory or file; empty for a registry.</param>
/// <param name="Selector">The tag or reference within a layout or an archive; null where none was given.</param>
/// <param name="Name">The name in a registry; null for the other transports.</param>
/// <param name="Bare">Whether it was written without a transport: then it may also be a digest of an image in the store.</param>
/// <param name="Text">The text as typed.</param>
public sealed record ImageSource(ImageTransport Transport, string Path, string? Selector, ImageName? Name, bool Bare, string Text)
{
    private static readonly (string Prefix, ImageTransport Transport)[] Prefixes =
    [
        ("docker://", ImageTransport.Registry), ("oci:", ImageTransport.OciLayout), ("oci-archive:", ImageTransport.OciArchive),
        ("docker-archive:", ImageTransport.DockerArchive), ("dir:", ImageTransport.Directory), ("bundle:", ImageTransport.Bundle),
    ];

    // Words of other tools, some of which would otherwise be taken for a repository's name with a tag.
    private static readonly string[] Foreign = ["containers-storage:", "docker-daemon:", "http://", "https://", "file://"];

    /// <summary>Parses the text that the user typed.</summary>
    /// <exception cref="ImageException">The text names no image.</exception>
    public static ImageSource Parse(string text)
    {
        if (text.Length == 0 || text.AsSpan().ContainsAny("\0\n"))
            throw new ImageException($"an image's name is empty or has a line break in it; name an image, or a directory with {Setting.Rootfs}");
        foreach ((string prefix, ImageTransport transport) in Prefixes)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
                return Of(transport, text[prefix.Length..], text);
        }
        if (Foreign.FirstOrDefault(prefix => text.StartsWith(prefix, StringComparison.Ordinal)) is { } foreign)
            throw new ImageException($"image '{text}': the transport '{foreign}' is not supported; use docker://, oci:, oci-archive:, docker-archive:, dir: or bundle:");
        return new ImageSource(ImageTransport.Registry, "", null, ImageNameOrNull(text), Bare: true, text);
    }

    /// <summary>The name in a registry.</summary>
    /// <exception cref="ImageException">The text is not such a name.</exception>
    public ImageName RequireName() => Name ?? ImageName.Parse(Text);

    /// <summary>The source in skopeo's notation (containers-transports(5)).</summary>
    /// <exception cref="ImageException">The text is not a name.</exception>
    public string ForSkopeo() => Transport switch
    {
        ImageTransport.Registry => $"docker://{RequireName()}",
        _ => Full(),
    };

    /// <summary>The source in full, the same for every spelling of it.</summary>
    public string Full() => Transport == ImageTransport.Registry
        ? RequireName().ToString()
        : $"{Prefixes.First(prefix => prefix.Transport == Transport).Prefix}{Path}{(Selector is null ? "" : $":{Selector}")}";

    /// <summary>The same name of this host (<c>localhost/NAME</c>), as podman calls what was made here; null where the text has a registry, or is no name.</summary>
    public ImageName? OfThisHost =>
        Bare && Name is { Digest: null } && !Registries(Name).Any(domain => Text.StartsWith($"{domain}/", StringComparison.Ordinal)) ? ImageNameOrNull($"localhost/{Text}") : null;

    /// <summary>A name in a registry in full, with its registry and its tag; another source as it was written, whether it exists or not.</summary>
    public static string FullName(string text)
    {
        if (Prefixes.Any(prefix => text.StartsWith(prefix.Prefix, StringComparison.Ordinal) && prefix.Transport != ImageTransport.Registry))
            return text;
        string registry = Prefixes.First(prefix => prefix.Transport == ImageTransport.Registry).Prefix;
        return ImageNameOrNull(text.StartsWith(registry, StringComparison.Ordinal) ? text[registry.Length..] : text)?.ToString() ?? text;
    }

    // As the text may spell the registry.
    private static string[] Registries(ImageName name) => [name.Domain, "index.docker.io"];

    private static ImageSource Of(ImageTransport transport, string rest, string text)
    {
        if (transport == ImageTransport.Registry)
            return new ImageSource(transport, "", null, ImageName.Parse(rest), Bare: false, text);
        bool selects = transport is ImageTransport.OciLayout or ImageTransport.OciArchive or ImageTransport.DockerArchive;
        // skopeo splits at the first colon: a path with a colon cannot be distinguished from a path with a tag.
        int colon = selects ? rest.IndexOf(':') : -1;
        string path = colon < 0 ? rest : rest[..colon];
        string? selector = colon < 0 ? null : rest[(colon + 1)..];
        if (path.Length == 0 || selector is { Length: 0 })
            throw new ImageException($"image '{text}' names no {(path.Length == 0 ? "path"
                : "tag")}; write {Prefixes.First(prefix => prefix.Transport == transport).Prefix}PATH{(selects ? "[:TAG]" : "")}");
        path = System.IO.Path.GetFullPath(path);
        if (transport is ImageTransport.OciLayout or ImageTransport.Directory or ImageTransport.Bundle
            ? !System.IO.Directory.Exists(path)
            : !File.Exists(path))
        {
            throw new ImageException($"image '{text}': there is no {(transport is ImageTransport.OciArchive or ImageTransport.DockerArchive ? "file"
                : "directory")} {path}; check the path");
        }
        return new ImageSource(transport, path, selector, null, Bare: false, text);
    }

    private static ImageName? ImageNameOrNull(string text)
    {
        try
        {
            return ImageName.Parse(text);
        }
        catch (ImageException)
        {
            // It may still be a digest in the store; a caller that needs a name parses it again, and gets the reason why it is not one.
            return null;
        }
    }
}
