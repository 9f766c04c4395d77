namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>Divides the names of images as docker and podman show them.</summary>
internal static class ImageNames
{
    private const string None = "<none>";

    /// <summary>The names with a tag.</summary>
    internal static IReadOnlyList<string> Tags(IEnumerable<string> names) => [.. names.Where(name => Split(name).Tag != None)];

    /// <summary>The repositories of the names, each with the image's digest.</summary>
    internal static IReadOnlyList<string> Digests(IEnumerable<string> names, string digest) =>
        [.. names.Select(name => Split(name).Repository).Where(repository => repository != None).Distinct().Select(repository => $"{repository}@{digest}")];

    /// <summary>A name's repository and tag; <c>&lt;none&gt;</c> for what it does not have.</summary>
    internal static (string Repository, string Tag) Split(string? name)
    {
        if (name is null)
            return (None, None);
        int at = name.IndexOf('@');
        string rest = at < 0 ? name : name[..at];
        // A colon before the last slash precedes a port.
        int colon = rest.IndexOf(':', rest.LastIndexOf('/') + 1);
        return colon < 0 ? (rest, None) : (rest[..colon], rest[(colon + 1)..]);
    }
}
