namespace Podspawn.Oci.DocumentTests;

/// <summary>Every link from one document of the repository to another leads somewhere.</summary>
public sealed class LinkSpecs
{
    public static TheoryData<string> Documents { get; } = new(SourceTree.Documents());

    [Theory]
    [MemberData(nameof(Documents))]
    public void Each_relative_link_leads_to_a_file_and_a_heading_that_exist(string document)
    {
        string path = Path.Combine(SourceTree.Root, document);
        string[] dead = [.. Markdown.Links(File.ReadAllText(path)).Where(link => !link.Contains(':', StringComparison.Ordinal)).Where(link => !Leads(path, link))];
        Assert.True(dead.Length == 0, $"{document}: no such file or heading: {string.Join(", ", dead)}");
    }

    [Fact]
    public void The_documents_of_hidden_folders_count_too() => Assert.Contains(".github/SECURITY.md", SourceTree.Documents());

    [Theory]
    [InlineData("# The `run` verb, in short", "the-run-verb-in-short")]
    [InlineData("## What is *not* a boundary", "what-is-not-a-boundary")]
    [InlineData("# Same\n# Same", "same-1")]
    public void Headings_have_the_anchors_that_GitHub_gives_them(string text, string anchor) => Assert.True(Markdown.HasAnchor(text, anchor));

    [Fact]
    public void What_stands_in_code_is_no_link_and_no_heading()
    {
        const string Text = "a [link](b.md#c), `[none](x.md)`\n\n```\n# no heading\n[none](y.md)\n```\n";
        Assert.Equal(["b.md#c"], Markdown.Links(Text));
        Assert.Empty(Markdown.Anchors(Text));
    }

    private static bool Leads(string from, string link)
    {
        string[] parts = link.Split('#', 2);
        string target = parts[0].Length == 0 ? from : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(from)!, parts[0]));
        if (parts.Length == 1)
            return Path.Exists(target);
        return File.Exists(target) && Markdown.HasAnchor(File.ReadAllText(target), parts[1]);
    }
}
