using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.State;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>A container that a verb is for.</summary>
/// <param name="Text">How the user has named it; its id where a flag has chosen it.</param>
/// <param name="Found">The container that a flag has chosen; null for one that was named.</param>
/// <param name="InBulk">Whether it is one of many that a flag has chosen: one that is gone by now, or in another state, needs nothing.</param>
internal sealed record SelectedContainer(string Text, Container? Found = null, bool InBulk = false);

/// <summary>
/// How a verb is told its containers: by names, and by <c>--all</c>, <c>--latest</c>, <c>--filter</c>, <c>--cidfile</c> and <c>--ignore</c>, as in podman. What is
/// wrong with the flags is refused before anything is done to any container.
/// </summary>
internal sealed class ContainerSelection
{
    private const string ArgumentName = "CONTAINER";

    private readonly Option<bool>? all;
    private readonly Option<bool>? latest;
    private readonly Option<bool>? ignore;
    private readonly Option<string[]>? filter;
    private readonly Option<string[]>? idFile;
    private readonly Argument<string[]>? names;
    private readonly Argument<string?>? name;
    private readonly Func<Container, bool> acts;

    /// <summary>Every flag.</summary>
    /// <param name="which">What all containers are for this verb, for the help.</param>
    /// <param name="acts">Whether a container is one of these.</param>
    /// <param name="letters">The flags that have a letter with this verb: of <c>a</c>, <c>f</c>, <c>i</c>.</param>
    internal ContainerSelection(string which, Func<Container, bool> acts, string letters)
        : this(several: true)
    {
        this.acts = acts;
        string[] Letter(char letter) => letters.Contains(letter) ? [$"-{letter}"] : [];
        all = new Option<bool>("--all", Letter('a')) { Description = $"Choose {which}", Arity = ArgumentArity.Zero };
        filter = new Option<string[]>("--filter", Letter('f')) { HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = false,
            Description = "Of these, or of those that are named, choose those that fit, by the keys of ps" };
        idFile = new Option<string[]>("--cidfile") { HelpName = "FILE", Description = "Choose the container whose id is in the file",
            AllowMultipleArgumentsPerToken = false };
        ignore = new Option<bool>("--ignore", Letter('i')) { Description = "One that is not there is no failure", Arity = ArgumentArity.Zero };
    }

    private ContainerSelection(bool several, string argument = ArgumentName, string description = "A container's name, id, or the beginning of its id")
    {
        acts = _ => true;
        latest = new Option<bool>("--latest", "-l") { Description = "Choose the container that was made last", Arity = ArgumentArity.Zero };
        if (several)
            names = new Argument<string[]>(argument) { Description = description, Arity = ArgumentArity.ZeroOrMore };
        else
            name = new Argument<string?>(argument) { Description = description, Arity = ArgumentArity.ZeroOrOne };
    }

    /// <summary>Names, or <c>--latest</c>.</summary>
    internal static ContainerSelection OfSeveral() => new(several: true);

    /// <summary>Names that need not be containers', or <c>--latest</c>.</summary>
    internal static ContainerSelection OfSeveral(string argument, string description) => new(several: true, argument, description);

    /// <summary>A name, or <c>--latest</c>.</summary>
    internal static ContainerSelection OfOne() => new(several: false);

    /// <summary>A flag that chooses some of all, and which these are; null for none.</summary>
    internal (Option<bool> Flag, Func<Container, bool> Fits)? Narrower { get; init; }

    /// <summary>The flag <c>--latest</c> alone, for a verb whose first word is the container.</summary>
    internal Option<bool> Latest => latest!;

    /// <summary>Adds the flags, and the names behind all flags.</summary>
    internal void AddTo(Command verb)
    {
        foreach (Option option in new Option?[] { all, Narrower?.Flag, latest, filter, idFile, ignore }.OfType<Option>())
            verb.Options.Add(option);
        verb.Arguments.Add((Argument?)names ?? name!);
    }

    /// <summary>Whether a flag, and not the user, says which containers are meant.</summary>
    internal bool IsBulk(ParseResult parsed) => Has(parsed, all) || Has(parsed, Narrower?.Flag)
        || (Filters(parsed).Length > 0 && Given(parsed).Length == 0 && Files(parsed).Length == 0);

    /// <summary>The containers in question.</summary>
    /// <exception cref="UsageException">The flags contradict one another, or none says anything.</exception>
    /// <exception cref="ContainerException">A filter or a file is wrong.</exception>
    internal IReadOnlyList<SelectedContainer> Read(ParseResult parsed, ContainerRegistry registry)
    {
        string[] given = Given(parsed), files = Files(parsed), filters = Filters(parsed);
        bool bulk = IsBulk(parsed), last = Has(parsed, latest);
        string bulkFlag = Has(parsed, all) ? "--all" : Narrower is { } narrower && Has(parsed, narrower.Flag) ? narrower.Flag.Name : "--filter";
        if (bulk && (last || files.Length > 0))
            throw new UsageException($"{bulkFlag} and {(last ? "--latest" : "--cidfile")} exclude each other; give one of them");
        if (Has(parsed, all) && given.Length > 0)
            throw new UsageException($"either {parsed.CommandResult.Command.Name} all containers or the container(s) provided in the arguments");
        if ((bulk || last) && given.Length > 0)
            throw new UsageException($"{(bulk ? bulkFlag : "--latest")}: containers are named as well; leave the flag away, or the names");
        if (last && files.Length > 0)
            throw new UsageException("--latest and --cidfile exclude each other; give one of them");
        if (bulk)
        {
            ContainerFilter wanted = ContainerFilter.Parse(filters, registry);
            Func<Container, bool> narrow = Narrower is { } some && Has(parsed, some.Flag) ? some.Fits : _ => true;
            return
            [
                .. registry.All().Where(container => acts(container) && narrow(container) && wanted.Fits(container))
                    .Select(container => new SelectedContainer(container.Id, container, InBulk: true)),
            ];
        }
        if (last)
            return [Newest(registry)];
        if (given.Length + files.Length == 0)
            throw Missing(parsed);
        IEnumerable<SelectedContainer> named =
            [.. given.Select(text => new SelectedContainer(text)), .. files.Select(file => OfFile(file, parsed, registry)).OfType<SelectedContainer>()];
        if (filters.Length == 0)
            return [.. named];
        // As with podman's start: of those that are named, the ones that fit. One that is not there is told of later.
        ContainerFilter fitting = ContainerFilter.Parse(filters, registry);
        return [.. named.Where(chosen => (chosen.Found ?? registry.TryFind(chosen.Text)) is not { } found || fitting.Fits(found))];
    }

    /// <summary>The one container in question, as it was named.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    internal string ReadOne(ParseResult parsed, ContainerRegistry registry) => Read(parsed, registry)[0].Text;

    /// <summary>The containers in question, as they were named.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    internal IReadOnlyList<string> ReadNames(ParseResult parsed, ContainerRegistry registry) => [.. Read(parsed, registry).Select(chosen => chosen.Text)];

    /// <summary>Takes the container that was made last in front of a command's words, where the flag says so.</summary>
    internal string[] BeforeCommand(ParseResult parsed, string[] words, ContainerRegistry registry) => Has(parsed, latest) ? [Newest(registry).Text, .. words] : words;

    /// <summary>Acts on each of them, and prints how it was named, or its id.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="registry">The containers.</param>
    /// <param name="act">What to do.</param>
    /// <param name="ignoreMissing">Whether one that is not there is no failure, whatever the flags say.</param>
    /// <param name="missing">The exit status where one is not there; null for that of other failures.</param>
    /// <returns>0, or the status of the last failure: as in docker, one does not keep the others.</returns>
    internal int Do(ParseResult parsed, ContainerRegistry registry, Action<Container> act, bool ignoreMissing = false, int? missing = null)
    {
        bool ignoring = ignoreMissing || Ignores(parsed);
        IReadOnlyList<SelectedContainer> selected;
        try
        {
            selected = Read(parsed, registry);
        }
        catch (NoSuchContainerException e) when (missing is { } own)
        {
            Failures.Report(e);
            return own;
        }
        return EachContainer.Do(selected, chosen =>
        {
            if ((chosen.Found ?? registry.TryFind(chosen.Text)) is not { } container)
            {
                if (!ignoring)
                    throw LifecycleErrors.NoSuch(chosen.Text);
                return;
            }
            try
            {
                act(container);
            }
            catch (ContainerException) when (IsSettled(chosen, registry, ignoring))
            {
                return;
            }
            Streams.Output.WriteLine(chosen.Text);
        }, missing);
    }

    /// <summary>Whether one that is not there is no failure.</summary>
    internal bool Ignores(ParseResult parsed) => Has(parsed, ignore);

    // One that has gone, or ended, by itself while we came to it.
    private bool IsSettled(SelectedContainer chosen, ContainerRegistry registry, bool ignoring) => chosen.Found is { } found
        ? chosen.InBulk && (registry.TryFindById(found.Id) is not { } now || !acts(now))
        : ignoring && registry.TryFind(chosen.Text) is null;

    private SelectedContainer? OfFile(string file, ParseResult parsed, ContainerRegistry registry)
    {
        string? id = IdFile.Read(file);
        if (id is null && !Ignores(parsed))
            throw new UsageException($"--cidfile: {file}: no such file; name the one that the launch has written");
        // The id in it is whole: the beginning of one, or a name, is somebody's mistake, or worse.
        if (id is not null && registry.TryFindById(id) is { } found)
            return new SelectedContainer(id, found);
        return id is null || Ignores(parsed) ? null : throw LifecycleErrors.NoSuch(id);
    }

    private static SelectedContainer Newest(ContainerRegistry registry) => registry.All() is [var newest, ..]
        ? new SelectedContainer(newest.Id, newest)
        : throw LifecycleErrors.Of("--latest: there is no container; launch one first");

    private UsageException Missing(ParseResult parsed)
    {
        var path = new Stack<string>();
        for (Command? command = parsed.CommandResult.Command; command is not null and not RootCommand; command = command.Parents.OfType<Command>().FirstOrDefault())
            path.Push(command.Name);
        string dots = names is null ? "" : "...", instead = all is null ? "--latest" : "--all";
        return new UsageException(
            $"{ArgumentName} is missing; write {CommandLine.ProgramName} {string.Join(' ', path)} [FLAGS] {ArgumentName}{dots}, or {instead} instead of names");
    }

    private string[] Given(ParseResult parsed) => names is not null ? parsed.GetValue(names) ?? [] : parsed.GetValue(name!) is { } only ? [only] : [];

    private string[] Files(ParseResult parsed) => idFile is null ? [] : parsed.GetValue(idFile) ?? [];

    private string[] Filters(ParseResult parsed) => filter is null ? [] : parsed.GetValue(filter) ?? [];

    private static bool Has(ParseResult parsed, Option<bool>? flag) => flag is not null && parsed.GetValue(flag);
}
