using System.CommandLine;

namespace Podspawn.Oci.DocumentTests;

/// <summary>
/// The reference below src/Podspawn.Oci.Cli/docs agrees with the command tree and the schemas. UPDATE_DOCS=1 rewrites the generated part of each page
/// and leaves the text around it unchanged.
/// </summary>
public sealed class PageSpecs
{
    private const string Mend = "run 'UPDATE_DOCS=1 dotnet test tests/Podspawn.Oci.DocumentTests' and commit what it writes";

    public static TheoryData<string> GeneratedPages { get; } = new(Pages.Generated);

    public static TheoryData<string> Verbs { get; } = new(VerbPage.Verbs.Select(verb => verb.Name));

    [Theory]
    [MemberData(nameof(GeneratedPages))]
    public void Each_page_says_what_the_program_says(string page)
    {
        string path = Path.Combine(SourceTree.Docs, page);
        string? current = File.Exists(path) ? File.ReadAllText(path) : null;
        string wanted = Pages.Renewed(current, Pages.Expected(page));
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(path, current = wanted);
        Assert.True(current is not null, $"{path}: there is no such page; {Mend}");
        Assert.True(current == wanted, $"{path}: not current, from line {FirstDifference(current!, wanted)} on; {Mend}");
    }

    [Fact]
    public void Each_page_is_a_verb_s_or_a_topic_that_the_index_names()
    {
        string[] named = [.. Markdown.Links(File.ReadAllText(Path.Combine(SourceTree.Docs, Pages.Index)))];
        string[] strays = [.. Directory.EnumerateFiles(SourceTree.Docs).Select(path => Path.GetFileName(path)!).Where(page => page != Pages.Index && !named.Contains(page))];
        Assert.True(strays.Length == 0, $"{SourceTree.Docs}: {string.Join(", ",
            strays)}: no verb has this name, and {Pages.Index} does not link to it; name it there, or remove it");
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Each_verb_says_what_its_arguments_and_flags_are_for(string verb)
    {
        Assert.All(Tree(VerbPage.Whole(verb)), command =>
        {
            Assert.False(string.IsNullOrWhiteSpace(command.Description), $"{command.Name}: no description");
            Assert.All(command.Arguments, argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), $"{command.Name}: {argument.Name}: no description"));
            Assert.All(command.Options, option => Assert.False(string.IsNullOrWhiteSpace(option.Description), $"{command.Name}: {option.Name}: no description"));
            Assert.All(command.Options, option =>
                Assert.True(option.Arity.MaximumNumberOfValues == 0 || option.HelpName is not null, $"{command.Name}: {option.Name}: no name for its value"));
        });
    }

    [Fact]
    public void A_page_that_is_not_current_is_told_by_the_line_where_it_differs() => Assert.Equal(3, FirstDifference("a\nb\nc\n", "a\nb\nd\n"));

    [Fact]
    public void What_a_person_writes_around_the_generated_part_stays()
    {
        string page = $"Before.\n\n{Pages.Renewed(null, "old\n")}\nAfter.\n";
        string renewed = Pages.Renewed(page, "new\n");
        Assert.Equal(page.Replace("\nold\n", "\nnew\n", StringComparison.Ordinal), renewed);
    }

    [Fact]
    public void A_page_without_its_marks_is_refused() => Assert.Throws<InvalidDataException>(() => Pages.Renewed("By hand.\n", "new\n"));

    private static IEnumerable<Command> Tree(Command command) => command.Subcommands.SelectMany(Tree).Prepend(command);

    private static int FirstDifference(string left, string right) =>
        left.Split('\n').Zip(right.Split('\n')).TakeWhile(pair => pair.First == pair.Second).Count() + 1;
}
