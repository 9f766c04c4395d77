namespace Podspawn.Oci.DocumentTests;

/// <summary>The documents that guide through the code name existing files.</summary>
public sealed class NamedFileSpecs
{
    [Theory]
    [InlineData("src/Podspawn.Oci/README.md")]
    [InlineData(".github/CONTRIBUTING.md")]
    [InlineData("README.md")]
    public void Each_file_that_a_document_names_is_there(string document)
    {
        string directory = Path.GetDirectoryName(Path.Combine(SourceTree.Root, document))!;
        string[] missing = [.. Markdown.Files(File.ReadAllText(Path.Combine(SourceTree.Root, document)))
            .Where(file => !Path.Exists(Path.Combine(directory, file)) && !Path.Exists(Path.Combine(SourceTree.Root, file)))];
        Assert.True(missing.Length == 0, $"{document}: no such file: {string.Join(", ", missing)}; write the path from the document's folder or from the repository's");
    }

    [Fact]
    public void Each_room_of_the_library_stands_in_the_diagram()
    {
        string library = Path.Combine(SourceTree.Root, "src/Podspawn.Oci");
        string diagram = Markdown.Fences(File.ReadAllText(Path.Combine(library, "README.md"))).First();
        string[] missing = [.. Directory.EnumerateDirectories(library).Select(path => Path.GetFileName(path)!)
            .Where(room => room is not ("bin" or "obj") && !diagram.Split(' ', '\n').Contains(room))];
        Assert.True(missing.Length == 0, $"{library}/README.md: the first diagram lacks {string.Join(", ", missing)}; put each below the rooms that it uses");
    }

    [Fact]
    public void A_source_file_in_code_is_a_file_that_is_named() =>
        Assert.Equal(["Verification/Verifier.cs", "src/Some.Probe/main.c"],
            Markdown.Files("`Verification/Verifier.cs` and `src/Some.Probe/main.c`, not `runc`, `container.json` or a/b.cs"));
}
