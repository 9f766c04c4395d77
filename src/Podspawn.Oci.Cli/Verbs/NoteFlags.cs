using System.CommandLine;
using Podspawn.Oci.Translation.Requests;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>How much a command tells beside its result: <c>--verbose</c>, which every verb has, and <c>--quiet</c>.</summary>
internal static class NoteFlags
{
    private const string VerboseName = "--verbose";
    private const string NoOutputName = "--noout";

    /// <summary>The flag of the whole program; it stands before or behind the verb.</summary>
    internal static Option<bool> Verbose() => new(VerboseName)
    {
        Description = "Show every note of a launch, those on the nature of its runtime too",
        Arity = ArgumentArity.Zero,
        Recursive = true,
    };

    /// <summary>The flag of the whole program for scripts that want no output, as podman's.</summary>
    internal static Option<bool> NoOutput() => new(NoOutputName)
    {
        Description = "Print nothing to standard output but what a container or a stream prints there",
        Arity = ArgumentArity.Zero,
        Recursive = true,
    };

    /// <summary>Whether that flag was given.</summary>
    internal static bool WantsNoOutput(ParseResult parsed) => ProgramFlags.Value<bool>(parsed, NoOutputName);

    /// <summary>The flag of a verb that launches.</summary>
    internal static Option<bool> Quiet() => new("--quiet", "-q") { Description = "Show no progress of a fetch, and no notes", Arity = ArgumentArity.Zero };

    /// <summary>Whether that flag was given.</summary>
    internal static bool IsVerbose(ParseResult parsed) => ProgramFlags.Value<bool>(parsed, VerboseName) || ProgramFlags.TellsAll(parsed);

    /// <summary>What shows the notes of a launch.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="quiet">The verb's own flag for silence; null where it has none.</param>
    internal static Action<IReadOnlyList<Note>> Teller(ParseResult parsed, Option<bool>? quiet = null)
    {
        bool all = IsVerbose(parsed), silent = quiet is not null && parsed.GetValue(quiet);
        return notes => Failures.Show(silent ? [] : notes, all);
    }
}
