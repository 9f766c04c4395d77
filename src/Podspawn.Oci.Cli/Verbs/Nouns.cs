using System.CommandLine;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>A verb below a noun.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Create">Makes the verb.</param>
/// <param name="Short">The verb of the program that it stands for, as in <c>container stop</c> for <c>stop</c>; null where it is the noun's alone.</param>
/// <param name="Aliases">Its other names there.</param>
internal sealed record NounVerb(string Name, Func<Command> Create, string? Short, params string[] Aliases)
{
    /// <summary>Whether a word names it.</summary>
    internal bool IsCalled(string word) => Name == word || Aliases.Contains(word);
}

/// <summary>
/// The nouns of docker and podman, each with its verbs: <c>container stop</c> is <c>stop</c>, with the same flags. To add a verb to a noun is to add a row.
/// </summary>
internal static class Nouns
{
    private static readonly (string Name, string Description, NounVerb[] Verbs)[] Table =
    [
        ("container", "Work with containers, by the words of docker and podman: container stop is stop, and so on.",
        [
            Same("attach", AttachVerb.Create), Same("commit", CommitVerb.Create), Same("cp", CpVerb.Create), Same("create", CreateVerb.Create),
            Same("diff", DiffVerb.Create), Same("exec", ExecVerb.Create),
            Own("exists", ExistsVerb.CreateForContainer), Same("export", ExportVerb.Create), Same("inspect", InspectVerb.Create), Same("kill", LifeVerbs.CreateKill),
            new("ls", PsVerb.Create, "ps", "list", "ps"), Same("logs", LogsVerb.Create), Same("mount", MountVerbs.CreateMount), Same("pause", PauseVerbs.CreatePause),
            Same("port", PortVerb.Create),
            Own("prune", ContainerPruneVerb.Create), Same("rename", LifeVerbs.CreateRename), Same("restart", LifeVerbs.CreateRestart), Same("rm", RmVerb.Create),
            Same("run", RunVerb.Create), Same("start", StartVerb.Create), Same("stats", StatsVerb.Create), Same("stop", LifeVerbs.CreateStop), Same("top", TopVerb.Create),
            new(MountVerbs.Unmount, MountVerbs.CreateUnmount, MountVerbs.Unmount, MountVerbs.OtherUnmount),
            Same("unpause", PauseVerbs.CreateUnpause), Same("update", UpdateVerb.Create), Same("wait", WaitVerb.Create),
        ]),
        ("image", "Work with images, by the words of docker and podman: image rm is rmi, and so on.",
        [
            Own("exists", ImageExistsVerb.Create), Same("history", HistoryVerb.Create), Same("import", ImportVerb.Create), Own("inspect", InspectVerb.CreateForImages),
            Same("load", LoadVerb.Create), new("ls", ImagesVerb.Create, "images", "list"), Own("mount", ImageMountVerbs.CreateMount),
            Own("prune", ImagePruneVerb.Create), Same("pull", PullVerb.Create), Same("push", PushVerb.Create), new("rm", RmiVerb.Create, "rmi", "remove"),
            Same("save", SaveVerb.Create), Same("tag", TagVerbs.CreateTag), new("unmount", ImageMountVerbs.CreateUnmount, null, "umount"),
            Same("untag", TagVerbs.CreateUntag),
        ]),
        ("system", "Work with the store and the host as a whole.",
        [
            Own("df", DfVerb.Create), Same("events", EventsVerb.Create), Same("info", InfoVerb.Create), Own("prune", SystemPruneVerb.Create),
        ]),
    ];

    /// <summary>Their names.</summary>
    internal static IEnumerable<string> All => Table.Select(noun => noun.Name);

    /// <summary>The verbs of a noun.</summary>
    internal static IReadOnlyList<NounVerb> Of(string name) => Table.First(noun => noun.Name == name).Verbs;

    /// <summary>Makes a noun with its verbs.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="words">The words behind it: where the first names a verb, the others are not made, which takes its time.</param>
    internal static Command Create(string name, ReadOnlySpan<string> words)
    {
        (_, string description, NounVerb[] verbs) = Table.First(noun => noun.Name == name);
        string? wanted = words.IsEmpty ? null : words[0];
        var noun = new Command(name, description);
        NounVerb[] meant = [.. verbs.Where(verb => wanted is not null && verb.IsCalled(wanted))];
        foreach (NounVerb verb in meant.Length > 0 ? meant : verbs)
        {
            Command made = Renamed(verb);
            if (meant.Length == 0)
                made.Description = CommandLine.FirstSentence(made.Description ?? "");
            noun.Subcommands.Add(made);
        }
        return noun;
    }

    /// <summary>A command line without the noun before its verb: <c>container run x</c> is <c>run x</c>.</summary>
    internal static string[] WithoutNoun(string[] args) => args is [var noun, var word, .. var rest] && All.Contains(noun)
        && Of(noun).FirstOrDefault(verb => verb.IsCalled(word)) is { Short: { } verb }
        ? [verb, .. rest]
        : args;

    private static NounVerb Same(string name, Func<Command> create) => new(name, create, name);

    private static NounVerb Own(string name, Func<Command> create) => new(name, create, null);

    private static Command Renamed(NounVerb verb)
    {
        Command made = verb.Create();
        var renamed = new Command(verb.Name, made.Description) { Action = made.Action };
        foreach (string alias in verb.Aliases)
            renamed.Aliases.Add(alias);
        foreach (Option option in made.Options)
            renamed.Options.Add(option);
        foreach (Argument argument in made.Arguments)
            renamed.Arguments.Add(argument);
        return renamed;
    }
}
