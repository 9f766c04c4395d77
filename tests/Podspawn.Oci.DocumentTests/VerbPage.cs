using System.CommandLine;
using System.Text;
using Podspawn.Oci.Cli;
using Podspawn.Oci.Cli.Verbs;

namespace Podspawn.Oci.DocumentTests;

/// <summary>The reference of a verb, from the command tree that the program parses its arguments with.</summary>
internal static class VerbPage
{
    private const string Examples = "Examples:";

    /// <summary>The verbs that the help lists, in its order, with their first sentences.</summary>
    internal static IReadOnlyList<Command> Verbs { get; } = [.. CommandLine.Tree([]).Subcommands.Where(verb => !verb.Hidden)];

    /// <summary>A verb with its complete help.</summary>
    internal static Command Whole(string name) => CommandLine.Tree([name]).Subcommands.Single();

    internal static string Of(string name)
    {
        var page = new StringBuilder();
        Write(page, Whole(name), "podspawn-oci", "#");
        return page.ToString();
    }

    private static void Write(StringBuilder page, Command command, string above, string heading)
    {
        string path = $"{above} {command.Name}";
        (string prose, string examples) = Split(command.Description ?? "");
        page.Append(heading).Append(' ').Append(path).Append("\n\n").Append(prose).Append('\n');
        Command[] children = [.. command.Subcommands.Where(child => !child.Hidden)];
        Option[] flags = [.. command.Options.Where(option => option is not System.CommandLine.Help.HelpOption && !option.Hidden)];
        string[] usage = [path, .. children.Length > 0 ? ["COMMAND"] : (string[])[], .. flags.Length > 0 ? ["[FLAGS]"] : (string[])[], .. command.Arguments.Select(Placeholder)];
        page.Append("```\n").AppendJoin(' ', usage).Append("\n```\n");
        if (command.Arguments.Count > 0)
            page.Append('\n').Append(Markdown.Table(["argument", "what it is"],
                command.Arguments.Select(argument => (string[])[Markdown.Code(argument.Name), Markdown.Prose(argument.Description ?? "")])));
        if (flags.Length > 0)
            page.Append('\n').Append(Markdown.Table(["flag", "what it does"], flags.Select(flag => (string[])[Flag(flag), Meaning(flag)])));
        if (examples.Length > 0)
            page.Append("\n```console\n").Append(examples).Append("```\n");
        bool isNoun = above == "podspawn-oci" && Nouns.All.Contains(command.Name);
        NounVerb[] known = isNoun ? [.. Nouns.Of(command.Name).Where(verb => verb.Short is not null)] : [];
        if (known.Length > 0)
            page.Append('\n').Append(Markdown.Table(["verb", "is"], known.Select(verb =>
                (string[])[Markdown.Code(string.Join(", ", verb.Aliases.Prepend(verb.Name))), $"[`{verb.Short}`]({verb.Short}.md)"])));
        foreach (Command child in children.Where(child => !known.Any(verb => verb.Name == child.Name)))
        {
            page.Append('\n');
            // Where all verbs of a noun are listed, each has but a sentence.
            Command whole = isNoun ? Nouns.Create(command.Name, [child.Name]).Subcommands.Single() : child;
            Write(page, whole, path, $"{heading}#");
        }
    }

    // Examples are the indented lines at the end; everything before is paragraphs whose line ends mean nothing.
    private static (string Prose, string Examples) Split(string description)
    {
        string[] parts = description.ReplaceLineEndings("\n").Split(Examples, 2);
        string prose = string.Concat(parts[0].Trim().Split("\n\n").Select(paragraph => $"{Markdown.Prose(paragraph)}\n\n"));
        if (parts.Length < 2)
            return (prose.TrimEnd('\n') + "\n", "");
        IEnumerable<string> lines = parts[1].Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);
        return (prose.TrimEnd('\n') + "\n", string.Concat(lines.Select(line => $"{(line.StartsWith("podspawn-oci", StringComparison.Ordinal) ? "$ " : "")}{line}\n")));
    }

    private static string Placeholder(Argument argument)
    {
        string name = argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name}..." : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static string Flag(Option flag)
    {
        // One-letter names first, as in the help.
        IEnumerable<string> names = flag.Aliases.Prepend(flag.Name).OrderBy(name => name.StartsWith("--", StringComparison.Ordinal));
        string value = flag.HelpName ?? "VALUE";
        string shown = flag.Arity switch
        {
            { MaximumNumberOfValues: 0 } => "",
            { MinimumNumberOfValues: 0 } => $"[={value}]",
            _ => $" {value}",
        };
        return Markdown.Code($"{string.Join(", ", names)}{shown}");
    }

    private static string Meaning(Option flag)
    {
        string text = Markdown.Prose(flag.Description ?? "");
        if (flag.Arity.MaximumNumberOfValues > 1 && !text.Contains("may be", StringComparison.Ordinal))
            text += "; may be given again";
        // A default in the text may depend on the host, like the number of processors.
        return flag.HasDefaultValue && flag.Arity.MaximumNumberOfValues > 0 && !text.Contains("(default", StringComparison.Ordinal)
            && flag.GetDefaultValue() is { } value and not (bool or Array)
            ? $"{text} (default: {value})"
            : text;
    }
}
