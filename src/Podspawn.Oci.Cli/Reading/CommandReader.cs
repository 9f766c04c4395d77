using System.CommandLine;
using System.CommandLine.Help;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Reading;

/// <summary>
/// Reads a command line as docker and podman read theirs, and writes it in the one form that the parser cannot take for anything else: verb, flags with
/// their values in the same word, <c>--</c>, words. The parser by itself takes an unknown flag for a word, and a word for a flag's value.
/// </summary>
internal sealed class CommandReader
{
    private readonly RootCommand root;
    private readonly GivenFlags flags = new();
    private readonly List<string> path = [];
    private readonly List<string> words = [];
    private Command command;

    /// <summary>Reads by a command tree.</summary>
    internal CommandReader(RootCommand root)
    {
        this.root = root;
        command = root;
    }

    /// <summary>The words that lead to the verb.</summary>
    private string Path => string.Join(' ', path.Prepend(CommandLine.ProgramName));

    /// <summary>The command line in the form that the parser reads.</summary>
    /// <exception cref="UsageException">A verb, a flag or a value is unknown, or a word is missing or too many.</exception>
    internal string[] Read(string[] args)
    {
        int i = 0;
        while (i < args.Length)
        {
            string word = args[i];
            if (FlagReader.IsFlag(word) && word != "--")
            {
                i += new FlagReader(command, Path, flags).Read(word, i + 1 < args.Length ? args[i + 1] : null);
            }
            else if (command.Subcommands.Count > 0)
            {
                Enter(word);
                i++;
            }
            else
            {
                // Where a command follows, its flags are its own: run --rootfs d ls -l.
                bool whole = word == "--" || TakesCommand(command);
                words.AddRange(whole ? args[(word == "--" ? i + 1 : i)..] : [word]);
                i = whole ? args.Length : i + 1;
            }
        }
        if (!flags.Has<HelpOption>() && !flags.Has<VersionOption>())
            RequireWords();
        return
        [
            .. flags.Words(IsPrograms), .. path, .. flags.Words(option => !IsPrograms(option)),
            .. words.Count > 0 ? ["--", .. words] : (string[])[],
        ];
    }

    // The parser knows it only before the verb; one that every verb has it knows behind the verb as well.
    private bool IsPrograms(Option option) => !option.Recursive && root.Options.Contains(option);

    private static bool TakesCommand(Command verb) => verb.Arguments.Any(argument => argument.Name == "COMMAND");

    private void Enter(string word)
    {
        Command? next = command.Subcommands.FirstOrDefault(verb => verb.Name == word || verb.Aliases.Contains(word));
        if (next is null)
        {
            string? near = Suggestion.DidYouMean(word, command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name));
            throw new UsageException($"{Printable.Clean(word)}: {(command == root ? CommandLine.ProgramName : Path)} has no such verb; {near ?? $"see '{Path} --help'"}");
        }
        command = next;
        path.Add(word);
    }

    private void RequireWords()
    {
        if (command.Subcommands.Count > 0)
            throw new MissingVerbException(Path, command);
        int least = command.Arguments.Sum(argument => argument.Arity.MinimumNumberOfValues);
        if (words.Count < least)
        {
            Argument[] needed = [.. command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0)];
            throw new UsageException($"{needed[Math.Min(words.Count, needed.Length - 1)].Name} is missing; write {Usage()}");
        }
        long most = command.Arguments.Sum(argument => (long)argument.Arity.MaximumNumberOfValues);
        if (words.Count > most)
            throw new UsageException($"'{Printable.Clean(words[(int)most])}': one word too many; write {Usage()}");
    }

    private string Usage() => string.Join(' ', [Path, .. command.Options.Count > 0 ? ["[FLAGS]"] : (string[])[], .. command.Arguments.Select(Placeholder)]);

    private static string Placeholder(Argument argument)
    {
        string name = argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name}..." : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }
}
