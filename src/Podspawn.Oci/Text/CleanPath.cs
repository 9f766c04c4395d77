namespace Podspawn.Oci.Text;

/// <summary>
/// Writes a path of a container as it is meant: what a shell's completion, a variable or a config appends to a path (<c>/tmp/</c>, <c>/a//b</c>,
/// <c>/a/./b</c>) changes nothing of where it leads.
/// </summary>
internal static class CleanPath
{
    /// <summary>
    /// The path without empty parts and <c>.</c>; one that is not absolute stays as it is. <c>..</c> stays as well: behind a symbolic link it leads
    /// elsewhere than the text says.
    /// </summary>
    internal static string Of(string path)
    {
        if (!path.StartsWith('/') || !(path.EndsWith('/') || path.EndsWith("/.", StringComparison.Ordinal)
            || path.Contains("//", StringComparison.Ordinal) || path.Contains("/./", StringComparison.Ordinal)))
        {
            return path;
        }
        return "/" + string.Join('/', path.Split('/').Where(part => part is not ("" or ".")));
    }
}
