using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Podspawn.Oci.Cli;

namespace Podspawn.Oci.Tests.Reading;

/// <summary>Every verb reads each of its flags in the same way, and refuses what is none of them.</summary>
public sealed class EveryFlagSpecs
{
    private static readonly string[] Yes = ["true", "1", "yes", "TRUE", "Yes"];
    private static readonly string[] No = ["false", "0", "no", "FALSE", "No"];

    /// <summary>The words that lead to each verb.</summary>
    public static TheoryData<string> Verbs => [.. CommandLine.Tree([]).Subcommands.SelectMany(verb => Leaves(CommandLine.Tree([verb.Name]).Subcommands.Single(), verb.Name))];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_flag_that_is_on_or_off_takes_every_word_for_it_and_the_last_counts(string verb)
    {
        foreach ((Option flag, string name) in Flags(verb).Where(flag => IsSwitch(flag.Flag)))
        {
            Assert.True(IsOn(verb, flag, name), name);
            Assert.All(Yes, word => Assert.True(IsOn(verb, flag, $"{name}={word}"), $"{name}={word}"));
            Assert.All(No, word => Assert.False(IsOn(verb, flag, $"{name}={word}"), $"{name}={word}"));
            Assert.False(IsOn(verb, flag, name, $"{name}=no"));
            Assert.True(IsOn(verb, flag, $"{name}=no", name));
            foreach (string bad in new[] { "", "maybe", "tru", "2", "-1", "true " })
                Refuses(verb, $"{name}: '{bad}' is neither true nor false", $"{name}={bad}");
            // The word behind it is the verb's.
            Assert.DoesNotContain("false", Tokens(Read(verb, [name, "false"], words: false, lenient: true), flag));
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_flag_with_a_value_takes_it_from_its_own_word_or_the_next_and_the_last_counts(string verb)
    {
        foreach ((Option flag, string name) in Flags(verb).Where(flag => !IsSwitch(flag.Flag)))
        {
            bool number = IsNumber(flag);
            string[] values = number ? ["7", "-1"] : ["a=b", "--help", "-x", "", "true", "a b", "x:y", "@file", "=", "--"];
            bool isLong = name.StartsWith("--", StringComparison.Ordinal);
            foreach (string value in values)
            {
                Assert.Equal([value], Tokens(Read(verb, [name, value]), flag));
                Assert.Equal([value], Tokens(Read(verb, [$"{name}={value}"]), flag));
                if (!isLong && value.Length > 0 && value[0] != '=')
                    Assert.Equal([value], Tokens(Read(verb, [name + value]), flag));
            }
            string[] both = number ? ["1", "2"] : ["one", "two"];
            Assert.Equal(flag.Arity.MaximumNumberOfValues > 1 ? both : both[1..], Tokens(Read(verb, [name, both[0], $"{name}={both[1]}"]), flag));
            Assert.StartsWith($"{name}: its value is missing", Assert.Throws<UsageException>(() => CommandLine.Read([.. verb.Split(' '), name])).Message, StringComparison.Ordinal);
            if (number)
                Assert.All(new[] { "many", "1.5", "", "99999999999999999999", "0x1", "1 " }, bad => Refuses(verb, $"{name}: '{bad}' is no whole number", $"{name}={bad}"));
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void What_is_no_flag_of_it_is_refused_wherever_it_stands(string verb)
    {
        HashSet<string> known = [.. Flags(verb).Select(flag => flag.Name), "--help", "-h", "-?"];
        string[] letters = [.. "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!?".Select(letter => $"-{letter}")];
        foreach (string letter in letters.Where(letter => !known.Contains(letter)))
            Refuses(verb, $"{letter}: {verb} has no such flag", letter);
        foreach (string name in known.Where(name => name.StartsWith("--", StringComparison.Ordinal)))
        {
            foreach (string near in new[] { $"{name}x", name[..^1], $"{name}-swap", $"-{name}", name.ToUpperInvariant() })
            {
                if (!known.Contains(near) && near != "--")
                    Refuses(verb, $"{near}: {verb} has no such flag", near);
            }
        }
        // Each letter behind one that is known, however they are joined.
        string stranger = letters.First(letter => !known.Contains(letter));
        foreach ((Option flag, string name) in Flags(verb).Where(flag => flag.Name.Length == 2 && IsSwitch(flag.Flag)))
        {
            Refuses(verb, $"{stranger}: {verb} has no such flag (in '{name}{stranger[1]}')", $"{name}{stranger[1]}");
            Refuses(verb, $"{stranger}: {verb} has no such flag (in '{name}{stranger[1]}=yes')", $"{name}{stranger[1]}=yes");
        }
        Refuses(verb, $"--: {verb} has no such flag", "--=x");
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_flag_between_its_words_is_still_a_flag_unless_a_command_begins(string verb)
    {
        Command command = Leaf(verb);
        if (command.Arguments.Count == 0)
        {
            Assert.Contains("one word too many", Assert.Throws<UsageException>(() => CommandLine.Read([.. verb.Split(' '), "x"])).Message, StringComparison.Ordinal);
            return;
        }
        string[] line = [.. verb.Split(' '), .. Words(command), "--no-such"];
        if (command.Arguments.Any(argument => argument.Name == "COMMAND"))
            Assert.Contains("--no-such", CommandLine.Read([.. verb.Split(' '), "x", "y", "--no-such"]).CommandResult.Tokens.Select(token => token.Value));
        else
            Assert.StartsWith($"--no-such: {verb} has no such flag", Assert.Throws<UsageException>(() => CommandLine.Read(line)).Message, StringComparison.Ordinal);
        // Behind -- it is a word of the verb's.
        ParseResult whole = CommandLine.Read([.. verb.Split(' '), "--", .. Words(command).Select(_ => "--no-such")]);
        Assert.Equal(Words(command).Select(_ => "--no-such"), whole.CommandResult.Tokens.Select(token => token.Value).Where(token => token != "--"));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_missing_word_is_named_and_help_needs_none(string verb)
    {
        Command command = Leaf(verb);
        foreach (string[] line in new string[][] { [.. verb.Split(' '), "--help"], ["help", .. verb.Split(' ')], ["--verbose", .. verb.Split(' '), "--help"] })
            Assert.IsType<HelpAction>(CommandLine.Read(line).Action);
        if (Words(command).Length == 0)
            return;
        string missing = command.Arguments.First(argument => argument.Arity.MinimumNumberOfValues > 0).Name;
        Assert.StartsWith($"{missing} is missing; write podspawn-oci {verb}", Assert.Throws<UsageException>(() => CommandLine.Read(verb.Split(' '))).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Leaves(Command command, string path) =>
        command.Subcommands.Count == 0 ? [path] : command.Subcommands.SelectMany(child => Leaves(child, $"{path} {child.Name}"));

    private static Command Leaf(string verb)
    {
        string[] path = verb.Split(' ');
        return path.Aggregate((Command)CommandLine.Tree(path), (above, name) => above.Subcommands.Single(child => child.Name == name));
    }

    // Each flag by each of its names; the options of another tree than the one that is read later have the same names.
    private static List<(Option Flag, string Name)> Flags(string verb) =>
        [.. Leaf(verb).Options.Concat(CommandLine.Tree([]).Options.Where(option => option.Recursive && option is not HelpOption))
            .SelectMany(option => option.Aliases.Prepend(option.Name).Select(name => (option, name)))];

    private static bool IsSwitch(Option flag) => flag.Arity.MaximumNumberOfValues == 0 || flag.ValueType == typeof(bool) || flag.ValueType == typeof(bool?);

    private static bool IsNumber(Option flag) => flag.ValueType == typeof(int) || flag.ValueType == typeof(int?) || flag.ValueType == typeof(long) || flag.ValueType == typeof(long?);

    // The least that the verb needs beside its flags.
    private static string[] Words(Command command) => [.. Enumerable.Repeat("bash", command.Arguments.Sum(argument => argument.Arity.MinimumNumberOfValues))];

    private static ParseResult Read(string verb, string[] flags, bool words = true, bool lenient = false)
    {
        string[] line = [.. verb.Split(' '), .. flags, .. words ? Words(Leaf(verb)) : (string[])[]];
        try
        {
            ParseResult parsed = CommandLine.Read(line);
            Assert.Empty(parsed.Errors.Select(error => error.Message));
            return parsed;
        }
        catch (UsageException) when (lenient)
        {
            return CommandLine.Read([.. verb.Split(' '), .. flags[..1], .. Words(Leaf(verb))]);
        }
    }

    private static OptionResult? Result(ParseResult parsed, Option flag)
    {
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult level; at = at.Parent)
        {
            if (level.Command.Options.FirstOrDefault(option => option.Name == flag.Name) is { } same)
                return parsed.GetResult(same);
        }
        return null;
    }

    private static string[] Tokens(ParseResult parsed, Option flag) => [.. Result(parsed, flag)?.Tokens.Select(token => token.Value) ?? []];

    private static bool IsOn(string verb, Option flag, params string[] flags)
    {
        OptionResult? result = Result(Read(verb, flags), flag);
        return result is { Implicit: false } && (flag.Arity.MaximumNumberOfValues == 0 || result.Tokens.Single().Value == "true");
    }

    private static void Refuses(string verb, string message, params string[] flags)
    {
        UsageException refusal = Assert.Throws<UsageException>(() => CommandLine.Read([.. verb.Split(' '), .. flags, .. Words(Leaf(verb))]));
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(125, refusal.ExitStatus);
    }
}
