using System.Text.RegularExpressions;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Images.References;

/// <summary>
/// An image's name in a registry, in full: <c>busybox</c> is <c>docker.io/library/busybox:latest</c>, as docker has it
/// (the grammar is that of the distribution project's reference package).
/// </summary>
/// <param name="Domain">The registry, with a port where one was given.</param>
/// <param name="Path">The repository below it.</param>
/// <param name="Tag">The tag; null where only a digest counts.</param>
/// <param name="Digest">The digest that the registry's manifest must have, such as <c>sha256:...</c>; or null.</param>
public sealed partial record ImageName(string Domain, string Path, string? Tag, string? Digest)
{
    private const string DefaultDomain = "docker.io";
    private const string DefaultTag = "latest";
    private const int LongestName = 255;

    /// <summary>Parses a name.</summary>
    /// <exception cref="ImageException">The text is not a name.</exception>
    public static ImageName Parse(string text)
    {
        string rest = text;
        string? digest = null, tag = null;
        int at = rest.IndexOf('@');
        if (at >= 0)
        {
            digest = rest[(at + 1)..];
            rest = rest[..at];
            if (!DigestPattern().IsMatch(digest))
                throw Bad(text, "has no valid digest", "write NAME@sha256:... with 64 lower-case hexadecimal digits");
        }
        // A colon after the last slash precedes a tag, one before it a port.
        int colon = rest.IndexOf(':', rest.LastIndexOf('/') + 1);
        if (colon >= 0)
        {
            tag = rest[(colon + 1)..];
            rest = rest[..colon];
            if (!TagPattern().IsMatch(tag))
                throw Bad(text, $"has no valid tag ('{tag}')", "a tag has letters, digits, '_', '.' and '-', at most 128, and begins with none of the last two");
        }
        (string domain, string path) = Split(rest);
        if (!DomainPattern().IsMatch(domain))
            throw Bad(text, $"has no valid registry ('{domain}')", "write HOST[:PORT]/NAME");
        if (!PathPattern().IsMatch(path))
        {
            throw path.Any(char.IsAsciiLetterUpper)
                ? Bad(text, "has upper-case letters", $"repository names are in lower case: {text.ToLowerInvariant()}")
                : Bad(text, "is no image's name", $"write [HOST[:PORT]/]NAME[:TAG][@DIGEST], or give a directory with {Setting.Rootfs}");
        }
        if (domain.Length + 1 + path.Length > LongestName)
            throw Bad(text, "is too long", $"a name has at most {LongestName} characters");
        // As in docker, a tag beside a digest is only for readers.
        return new ImageName(domain, path, digest is null ? tag ?? DefaultTag : null, digest);
    }

    /// <summary>The name of a registry that the store has for an image; null where that is another place, such as a layout.</summary>
    public static ImageName? OfStored(string name)
    {
        try
        {
            return name.Contains(":/", StringComparison.Ordinal) ? null : Parse(name);
        }
        catch (ImageException)
        {
            return null;
        }
    }

    /// <summary>Whether it reads like an image's digest, and would hide the image that has it.</summary>
    public bool IsLikeDigest => HexPattern().IsMatch(Path.Split('/')[^1]) || (Path == "library/sha256" && Tag is { } tag && HexTagPattern().IsMatch(tag));

    /// <summary>The name without tag and digest.</summary>
    public string Repository => $"{Domain}/{Path}";

    /// <inheritdoc/>
    public override string ToString() => Digest is null ? $"{Repository}:{Tag}" : $"{Repository}@{Digest}";

    private static (string Domain, string Path) Split(string name)
    {
        int slash = name.IndexOf('/');
        string first = slash < 0 ? "" : name[..slash];
        bool isDomain = first.Contains('.') || first.Contains(':') || first == "localhost";
        string domain = isDomain ? first : DefaultDomain;
        string path = isDomain ? name[(slash + 1)..] : name;
        if (domain == "index.docker.io")
            domain = DefaultDomain;
        return (domain, domain == DefaultDomain && !path.Contains('/') ? $"library/{path}" : path);
    }

    private static ImageException Bad(string text, string what, string hint) => new($"image '{Printable.Clean(text, 300)}' {what}; {hint}");

    [GeneratedRegex(@"^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?\z")]
    private static partial Regex DomainPattern();

    [GeneratedRegex(@"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex PathPattern();

    [GeneratedRegex(@"^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}\z")]
    private static partial Regex TagPattern();

    [GeneratedRegex(@"^[a-f0-9]{64}\z")]
    private static partial Regex HexPattern();

    [GeneratedRegex(@"^[a-f0-9]{6,64}\z")]
    private static partial Regex HexTagPattern();

    [GeneratedRegex(@"^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})\z")]
    private static partial Regex DigestPattern();
}
