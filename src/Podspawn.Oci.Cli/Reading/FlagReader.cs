using System.CommandLine;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Reading;

/// <summary>
/// Reads one flag of a command line as docker and podman do: <c>--name VALUE</c>, <c>--name=VALUE</c>, <c>-n VALUE</c>, <c>-nVALUE</c>, <c>-n=VALUE</c>, and letters
/// in one word, of which each is a flag. Whatever is not known is refused here, for every verb, before the verb does anything.
/// </summary>
/// <param name="command">The verb that the flag is given to.</param>
/// <param name="path">The words that lead to the verb, for messages.</param>
/// <param name="given">Takes the flags.</param>
internal sealed class FlagReader(Command command, string path, GivenFlags given)
{
    /// <summary>Whether a word is a flag, or several letters. A dash alone is a word: it stands for a standard stream.</summary>
    internal static bool IsFlag(string word) => word.Length > 1 && word[0] == '-';

    /// <summary>The flag of that name: the verb's own, or one that every verb has.</summary>
    internal static Option? Find(Command command, string name) =>
        command.Options.FirstOrDefault(option => Names(option).Contains(name)) ?? Shared(command).FirstOrDefault(option => Names(option).Contains(name));

    /// <summary>Reads a word that is a flag.</summary>
    /// <param name="word">The word.</param>
    /// <param name="next">The word behind it, which may be its value; null at the end.</param>
    /// <returns>How many words were read.</returns>
    /// <exception cref="UsageException">The flag is unknown, or its value is missing or none that it can have.</exception>
    internal int Read(string word, string? next) => word.StartsWith("--", StringComparison.Ordinal) ? Long(word, next) : Letters(word, next);

    private int Long(string word, string? next)
    {
        int equals = word.IndexOf('=');
        string name = equals < 0 ? word : word[..equals];
        Option option = Find(command, name) ?? throw Unknown(name, name);
        return equals >= 0 ? Take(option, name, word[(equals + 1)..], 1) : FlagKind.NeedsValue(option) ? TakeNext(option, name, next) : Take(option, name, FlagKind.On, 1);
    }

    private int Letters(string word, string? next)
    {
        for (int i = 1; i < word.Length; i++)
        {
            string name = $"-{word[i]}", rest = word[(i + 1)..];
            Option option = Find(command, name) ?? throw Unknown(name, word);
            if (rest.StartsWith('='))
                return Take(option, name, rest[1..], 1);
            if (FlagKind.NeedsValue(option))
                return rest.Length > 0 ? Take(option, name, rest, 1) : TakeNext(option, name, next);
            Take(option, name, FlagKind.On, 1);
        }
        return 1;
    }

    private int TakeNext(Option option, string name, string? next) => next is null
        ? throw new UsageException($"{name}: its value is missing; write {name} {option.HelpName ?? "VALUE"}{(name == "-h" ? ", or --help for the help" : "")}")
        : Take(option, name, next, 2);

    private int Take(Option option, string name, string value, int words)
    {
        given.Add(option, FlagKind.Checked(option, name, value));
        return words;
    }

    private UsageException Unknown(string name, string word)
    {
        // Someone who writes -rm means --rm.
        string wanted = word.StartsWith("--", StringComparison.Ordinal) ? word : $"-{word.Split('=')[0]}";
        IEnumerable<string> known = command.Options.Concat(Shared(command)).Where(option => !option.Hidden).SelectMany(Names).Where(other => other.Length > 2);
        string? near = wanted.Length > 3 ? known.FirstOrDefault(other => other == wanted) ?? Suggestion.Closest(wanted, known) : null;
        string verb = path.StartsWith($"{CommandLine.ProgramName} ", StringComparison.Ordinal) ? path[(CommandLine.ProgramName.Length + 1)..] : path;
        string place = name == word ? "" : $" (in '{Printable.Clean(word)}')";
        return new UsageException($"{Printable.Clean(name)}: {verb} has no such flag{place}; {Suggestion.DidYouMean(near) ?? $"see '{path} --help'"}");
    }

    private static IEnumerable<string> Names(Option option) => option.Aliases.Prepend(option.Name);

    private static IEnumerable<Option> Shared(Command command)
    {
        foreach (Symbol parent in command.Parents)
        {
            if (parent is not Command above)
                continue;
            foreach (Option option in above.Options.Where(option => option.Recursive))
                yield return option;
            foreach (Option option in Shared(above))
                yield return option;
        }
    }
}
