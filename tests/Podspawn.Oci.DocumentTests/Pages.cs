namespace Podspawn.Oci.DocumentTests;

/// <summary>The pages of the reference that have a generated part, and that part.</summary>
internal static class Pages
{
    internal const string Index = "README.md";

    private const string Begin = "<!-- generated: UPDATE_DOCS=1 rewrites this part; what stands outside of it is written by hand -->\n";
    private const string End = "<!-- end of the generated part -->\n";

    private static readonly Dictionary<string, string> ConfigPage = new() { ["config"] = "config.md" };

    /// <summary>File names in the folder of the reference.</summary>
    internal static IReadOnlyList<string> Generated { get; } = [Index, "config.md", "runtime-matrix.md", .. VerbPage.Verbs.Select(verb => PageOf(verb.Name))];

    internal static string PageOf(string verb) => $"{verb}.md";

    /// <summary>The expected generated part of a page.</summary>
    internal static string Expected(string page) => page switch
    {
        Index => Markdown.Table(["verb", "what it does"],
            VerbPage.Verbs.Select(verb => (string[])[$"[`{verb.Name}`]({PageOf(verb.Name)})", Markdown.Prose(verb.Description ?? "")])),
        "config.md" => SchemaTables.Of("config", new Dictionary<string, string>()),
        "runtime-matrix.md" => SchemaTables.Of("runtime-matrix", ConfigPage),
        _ => VerbPage.Of(Path.GetFileNameWithoutExtension(page)),
    };

    /// <summary>A page with its generated part replaced; a page that consists of that part where there is none yet.</summary>
    /// <param name="text">The page, or null.</param>
    /// <param name="part">The generated part.</param>
    /// <exception cref="InvalidDataException">The page has lost the marks around that part.</exception>
    internal static string Renewed(string? text, string part)
    {
        string marked = $"{Begin}\n{part.Trim('\n')}\n\n{End}";
        if (text is null)
            return marked;
        int begin = text.IndexOf(Begin, StringComparison.Ordinal), end = text.IndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? text[..begin] + marked + text[(end + End.Length)..]
            : throw new InvalidDataException($"the marks of the generated part are gone; put these two lines back, or remove the page and let it be made again:\n{Begin}{End}");
    }
}
