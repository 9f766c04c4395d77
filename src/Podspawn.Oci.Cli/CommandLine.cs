using System.CommandLine;
using System.CommandLine.Help;
using Podspawn.Oci.Cli.Reading;
using Podspawn.Oci.Cli.Verbs;

namespace Podspawn.Oci.Cli;

/// <summary>The verbs and flags of the program, and the one way in which a command line is read.</summary>
internal static class CommandLine
{
    /// <summary>The name that the program is called by.</summary>
    internal const string ProgramName = "podspawn-oci";

    private static readonly (string Name, Func<Command> Create)[] Verbs =
    [
        ("run", RunVerb.Create), ("spec", SpecVerb.Create), ("explain", ExplainVerb.Create), ("check", CheckVerb.Create), ("verify", VerifyVerb.Create),
            ("matrix", MatrixVerb.Create),
        ("create", CreateVerb.Create), ("start", StartVerb.Create), ("stop", LifeVerbs.CreateStop), ("restart", LifeVerbs.CreateRestart), ("kill", LifeVerbs.CreateKill),
        ("exec", ExecVerb.Create), ("attach", AttachVerb.Create), ("wait", WaitVerb.Create), ("rename", LifeVerbs.CreateRename), ("rm", RmVerb.Create),
            ("ps", PsVerb.Create), ("inspect", InspectVerb.Create),
        ("logs", LogsVerb.Create), ("cp", CpVerb.Create), ("diff", DiffVerb.Create), ("mount", MountVerbs.CreateMount), (MountVerbs.Unmount, MountVerbs.CreateUnmount),
            ("events", EventsVerb.Create),
        ("pause", PauseVerbs.CreatePause), ("unpause", PauseVerbs.CreateUnpause), ("update", UpdateVerb.Create), ("top", TopVerb.Create), ("stats", StatsVerb.Create),
        ("generate", GenerateVerb.Create), (HealthcheckVerb.Name, HealthcheckVerb.Create),
        (GcVerb.Name, GcVerb.Create), (CleanupVerb.Name, CleanupVerb.Create), (CleanupVerb.OldName, CleanupVerb.CreateOld),
        ("pull", PullVerb.Create), ("images", ImagesVerb.Create), ("rmi", RmiVerb.Create), ("prune", PruneVerb.Create), ("import", ImportVerb.Create),
            ("export", ExportVerb.Create),
        ("tag", TagVerbs.CreateTag), ("untag", TagVerbs.CreateUntag), ("save", SaveVerb.Create), ("load", LoadVerb.Create), ("push", PushVerb.Create),
            ("history", HistoryVerb.Create), ("commit", CommitVerb.Create), ("login", LoginVerbs.CreateLogin), ("logout", LoginVerbs.CreateLogout),
        (VolumeVerbs.Name, VolumeVerbs.Create), (NetworkVerbs.Name, NetworkVerbs.Create), ("port", PortVerb.Create),
        ("doctor", DoctorVerb.Create), ("info", InfoVerb.Create), ("version", VersionVerb.Create), ("schema", SchemaVerb.Create), ("completion", CompletionVerb.Create),
    ];

    private static readonly string[] SentenceEnds = [". ", ": ", "; "];

    /// <summary>Reads a command line.</summary>
    /// <exception cref="UsageException">It says something that is unknown, or leaves out something that is needed. Nothing was done.</exception>
    internal static ParseResult Read(string[] args)
    {
        var configuration = new ParserConfiguration { ResponseFileTokenReplacer = null };
        // A shell that completes a command line asks the parser itself, which answers with the words that fit.
        if (args is [['[', ..], ..])
            return Tree(args).Parse(args, configuration);
        string[] asked = args is ["help", .. var about] ? [.. about, "--help"] : args;
        RootCommand root = Tree(FromVerb(asked));
        return root.Parse(new CommandReader(root).Read(asked), configuration);
    }

    /// <summary>A command line without the flags before its verb.</summary>
    internal static string[] FromVerb(string[] args) => [.. args.SkipWhile(FlagReader.IsFlag)];

    /// <summary>The command tree: only the verb's part where the first word names one, since creating all flags of all verbs takes as long as a launch.</summary>
    internal static RootCommand Tree(string[] args)
    {
        var root = new RootCommand("Runs a command in a hardened container under runc, crun or runsc, without a daemon.");
        string first = args.Length > 0 ? args[0] == MountVerbs.OtherUnmount ? MountVerbs.Unmount : args[0] : "";
        bool named = Verbs.Any(verb => verb.Name == first) || Nouns.All.Contains(first);
        string[] behind = named ? args[1..] : [];
        foreach ((string name, Func<Command> create) in Verbs.Concat(Nouns.All.Select(noun => (noun, (Func<Command>)(() => Nouns.Create(noun, behind))))))
        {
            if (named && name != first)
                continue;
            Command verb = create();
            // The full help is for a user who asks for the verb: all verbs together would fill many screens.
            if (!named)
                verb.Description = FirstSentence(verb.Description ?? "");
            root.Subcommands.Add(verb);
        }
        // A verb that has -h for something of its own shows its help by the long name.
        string[] letters = named && Leaf(root.Subcommands[0]).Options.Any(option => option.Aliases.Contains("-h")) ? [] : ["-h"];
        root.Options.Clear();
        root.Options.Add(new HelpOption("--help", letters));
        root.Options.Add(new VersionOption("--version", "-v") { Action = new ShowVersion() });
        root.Options.Add(NoteFlags.Verbose());
        root.Options.Add(NoteFlags.NoOutput());
        foreach (Option option in ProgramFlags.All())
            root.Options.Add(option);
        return root;
    }

    /// <summary>Returns a function that tells for a verb's flags whether a value follows.</summary>
    internal static Func<string, bool> FlagsWithValue(Command verb) => flag => FlagReader.Find(verb, flag) is { } option && FlagKind.NeedsValue(option);

    // A noun with the one verb that was named below it.
    private static Command Leaf(Command verb) => verb.Subcommands is [var only] ? only : verb;

    /// <summary>What a verb is for, in a list of many.</summary>
    internal static string FirstSentence(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        int[] ends = [.. SentenceEnds.Select(mark => line.IndexOf(mark, StringComparison.Ordinal)).Where(at => at >= 0)];
        return ends.Length == 0 ? line : line[..ends.Min()];
    }
}
