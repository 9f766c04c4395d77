namespace Podspawn.Oci.Lifecycle.Copying;

/// <summary>A path split as docker's rules need it.</summary>
/// <param name="Directory">The part before the last name.</param>
/// <param name="Name">The last name; empty where the path is the root or ends with <c>.</c> or <c>..</c>.</param>
/// <param name="AssertsDirectory">Whether the path ends with a slash or a dot, and so can only mean a directory.</param>
internal readonly record struct CopyPath(string Directory, string Name, bool AssertsDirectory)
{
    internal static CopyPath Of(string path)
    {
        string trimmed = path.TrimEnd('/');
        int slash = trimmed.LastIndexOf('/');
        string name = trimmed[(slash + 1)..];
        return name is "" or "." or ".."
            ? new CopyPath(path, "", AssertsDirectory: true)
            : new CopyPath(slash < 0 ? "." : trimmed[..(slash + 1)], name, trimmed.Length < path.Length);
    }
}
