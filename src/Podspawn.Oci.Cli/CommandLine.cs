using System.CommandLine;
using System.CommandLine.Parsing;
using Podspawn.Oci.Cli.Verbs;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli;

/// <summary>Finds where our flags end and the container's command begins.</summary>
internal static class CommandLine
{
    private static readonly (string Name, Func<Command> Create)[] Verbs =
    [
        ("run", RunVerb.Create), ("spec", SpecVerb.Create), ("explain", ExplainVerb.Create), ("check", CheckVerb.Create), ("verify", VerifyVerb.Create),
            ("matrix", MatrixVerb.Create),
        ("create", CreateVerb.Create), ("start", StartVerb.Create), ("stop", LifeVerbs.CreateStop), ("restart", LifeVerbs.CreateRestart), ("kill", LifeVerbs.CreateKill),
        ("exec", ExecVerb.Create), ("attach", AttachVerb.Create), ("wait", LifeVerbs.CreateWait), ("rename", LifeVerbs.CreateRename), ("rm", RmVerb.Create),
            ("ps", PsVerb.Create), ("inspect", InspectVerb.Create),
        ("logs", LogsVerb.Create), ("cp", CpVerb.Create), ("diff", DiffVerb.Create), ("events", EventsVerb.Create),
        ("pause", PauseVerbs.CreatePause), ("unpause", PauseVerbs.CreateUnpause), ("update", UpdateVerb.Create), ("top", TopVerb.Create), ("stats", StatsVerb.Create),
        ("generate", GenerateVerb.Create),
        (GcVerb.Name, GcVerb.Create), (CleanupVerb.Name, CleanupVerb.Create), (CleanupVerb.OldName, CleanupVerb.CreateOld),
        ("pull", PullVerb.Create), ("images", ImagesVerb.Create), ("rmi", RmiVerb.Create), ("prune", PruneVerb.Create), ("import", ImportVerb.Create),
            ("export", ExportVerb.Create),
        ("doctor", DoctorVerb.Create), ("schema", SchemaVerb.Create), ("completion", CompletionVerb.Create),
    ];

    private static readonly string[] SentenceEnds = [". ", ": ", "; "];

    /// <summary>The command tree: only the verb's part where the first word names one, since creating all flags of all verbs takes as long as a launch.</summary>
    internal static RootCommand Tree(string[] args)
    {
        var root = new RootCommand("Runs a command in a hardened container under runc, crun or runsc, without a daemon.");
        bool named = args.Length > 0 && Verbs.Any(verb => verb.Name == args[0]);
        foreach ((string name, Func<Command> create) in Verbs)
        {
            if (named && name != args[0])
                continue;
            Command verb = create();
            // The full help is for a user who asks for the verb: all verbs together would fill many screens.
            if (!named)
                verb.Description = FirstSentence(verb.Description ?? "");
            root.Subcommands.Add(verb);
        }
        return root;
    }

    /// <summary>
    /// Puts <c>--</c> before the first word that is neither a verb nor a flag nor a flag's value, so that <c>run --rootfs d ls -l</c> leaves
    /// <c>-l</c> to ls, as with docker and podman.
    /// </summary>
    internal static string[] ProtectCommand(RootCommand root, string[] args)
    {
        if (args.Length == 0 || root.Subcommands.FirstOrDefault(verb => verb.Name == args[0]) is not { } verb)
            return args;
        if (!TakesCommand(verb))
            return WithEmptyValues(verb, args);
        int i = 1;
        while (i < args.Length && args[i].Length > 1 && args[i][0] == '-')
        {
            if (args[i] == "--")
                return WithEmptyValues(verb, args);
            RequireKnown(root, verb, args[i]);
            i += ValueFollows(verb, args[i]) ? 2 : 1;
        }
        return i >= args.Length ? WithEmptyValues(verb, args) : [.. WithEmptyValues(verb, args[..i]), "--", .. args[i..]];
    }

    /// <summary>The words that lead to the parsed verb.</summary>
    internal static string Path(ParseResult parsed)
    {
        string path = "";
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult { Command: not RootCommand and var verb }; result = result.Parent)
            path = $" {verb.Name}{path}";
        return $"podspawn-oci{path}";
    }

    /// <summary>Returns a function that tells for a verb's flags whether a value follows.</summary>
    internal static Func<string, bool> FlagsWithValue(Command verb) => flag => Find(verb, flag) is { } option && TakesValue(option);

    private static string FirstSentence(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        int[] ends = [.. SentenceEnds.Select(mark => line.IndexOf(mark, StringComparison.Ordinal)).Where(at => at >= 0)];
        return ends.Length == 0 ? line : line[..ends.Min()];
    }

    // To the parser "--user=" has no value yet, and it would take the next word for it. A shell turns --user="" into that, and the user means an empty value.
    private static string[] WithEmptyValues(Command verb, string[] args)
    {
        int end = Array.IndexOf(args, "--");
        IEnumerable<string> flags = (end < 0 ? args : args[..end]).SelectMany(word =>
            word.Length > 1 && word[^1] == '=' && Find(verb, word[..^1]) is { } option && TakesValue(option) ? new[] { word[..^1], "" } : [word]);
        return end < 0 ? [.. flags] : [.. flags, .. args[end..]];
    }

    private static bool TakesCommand(Command verb) => verb.Arguments.Any(argument => argument.Name == "COMMAND");

    private static bool ValueFollows(Command verb, string word)
    {
        if (word.Contains('='))
            return false;
        if (word.StartsWith("--", StringComparison.Ordinal))
            return Find(verb, word) is { } option && TakesValue(option);
        // A group of one-letter flags: the first that takes a value takes the rest of the word, or the next word when it is the last letter.
        for (int i = 1; i < word.Length; i++)
        {
            if (Find(verb, $"-{word[i]}") is { } option && TakesValue(option))
                return i == word.Length - 1;
        }
        return false;
    }

    // Otherwise the parser would take an unknown flag for the first word of the command.
    private static void RequireKnown(RootCommand root, Command verb, string word)
    {
        string name = word.Split('=')[0];
        // The parser would set the flag all the same, and take the value for the command.
        if (word.Contains('=') && Find(verb, name) is { Arity.MaximumNumberOfValues: 0 })
            throw new UsageException($"{name}: takes no value; leave '{word[name.Length..]}' away, or the flag itself");
        bool bundled = !name.StartsWith("--", StringComparison.Ordinal);
        if (Find(verb, name) is not null || Find(root, name) is not null || (bundled && Find(verb, name[..2]) is not null))
            return;
        string? near = Suggestion.Closest(name, verb.Options.Select(option => option.Name));
        throw new UsageException($"{name}: unknown flag; {(Suggestion.DidYouMean(near) ?? $"see 'podspawn-oci {verb.Name} --help'")}");
    }

    private static Option? Find(Command verb, string name) =>
        verb.Options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));

    // A flag takes a value only after "=": "--read-only false" would otherwise swallow the command.
    private static bool TakesValue(Option option) => option.Arity.MinimumNumberOfValues > 0;
}
