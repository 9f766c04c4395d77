using Podspawn.Oci.Images.References;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>Divides the names of images as docker and podman show them: what is no registry's name has neither a tag nor a repository.</summary>
internal static class ImageNames
{
    /// <summary>The names with a tag.</summary>
    internal static IReadOnlyList<string> Tags(IEnumerable<string> names) =>
        [.. Parsed(names).Where(name => name.Tag is not null && name.Digest is null).Select(name => name.ToString())];

    /// <summary>The repositories of the names, each with the image's digest.</summary>
    internal static IReadOnlyList<string> Digests(IEnumerable<string> names, string digest) =>
        [.. Parsed(names).Select(name => name.Repository).Distinct().Select(repository => $"{repository}@{digest}")];

    private static IEnumerable<ImageName> Parsed(IEnumerable<string> names) => names.Select(ImageName.OfStored).OfType<ImageName>();
}
