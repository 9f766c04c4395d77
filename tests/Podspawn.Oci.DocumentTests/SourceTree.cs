namespace Podspawn.Oci.DocumentTests;

/// <summary>The documents in the source tree that these tests were built from.</summary>
internal static class SourceTree
{
    // Files that are built or fetched are not our documents, and there may be thousands.
    private static readonly string[] NotOurs = [".git", ".vs", "artifacts", "bin", "obj"];

    internal static string Root => Repository.Root;

    /// <summary>The folder of the reference of verbs and keys.</summary>
    internal static string Docs => Path.Combine(Root, "src/Podspawn.Oci.Cli/docs");

    /// <summary>Every document in Markdown, as paths from the root.</summary>
    internal static IReadOnlyList<string> Documents() => [.. Below(Root).Select(path => Path.GetRelativePath(Root, path)).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Below(string directory) =>
        Directory.EnumerateFiles(directory, "*.md").Concat(
            Directory.EnumerateDirectories(directory).Where(child => !NotOurs.Contains(Path.GetFileName(child))).SelectMany(Below));
}
