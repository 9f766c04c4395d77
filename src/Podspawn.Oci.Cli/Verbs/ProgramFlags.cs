using System.CommandLine;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>Podman's flags of the whole program, before the verb: scripts that were written for podman have them.</summary>
internal static class ProgramFlags
{
    private const string LogLevelName = "--log-level";
    private const string EventsName = "--events-backend";
    private static readonly string[] Telling = ["trace", "debug", "info"];
    private static readonly string[] Levels = [.. Telling, "warn", "warning", "error", "fatal", "panic"];

    internal static IEnumerable<Option> All() =>
    [
        new Option<string?>(LogLevelName) { HelpName = "LEVEL", Description = "Show every note of a launch where it is info, debug or trace, as --verbose does" },
        new Option<string?>(EventsName) { HelpName = "file", Description = "Where events are kept: in files" },
    ];

    /// <summary>Refuses values that have no meaning.</summary>
    /// <exception cref="UsageException">A value is unknown.</exception>
    internal static void Check(ParseResult parsed)
    {
        if (Value<string?>(parsed, LogLevelName) is { } level && !Levels.Contains(level.ToLowerInvariant()))
            throw new UsageException($"Log Level \"{Printable.Clean(level)}\" is not supported, choose from: {string.Join(", ", Levels)}");
        if (Value<string?>(parsed, EventsName) is { } backend && backend != "file")
            throw new UsageException($"cannot read events with the \"{Printable.Clean(backend)}\" backend");
    }

    /// <summary>Whether a level was asked for at which every note is shown.</summary>
    internal static bool TellsAll(ParseResult parsed) => Value<string?>(parsed, LogLevelName) is { } level && Telling.Contains(level.ToLowerInvariant());

    /// <summary>The value of a flag of the whole program; the type's own where the flag was not given, or the program has none of that name.</summary>
    internal static T? Value<T>(ParseResult parsed, string name) =>
        parsed.RootCommandResult.Command.Options.OfType<Option<T>>().FirstOrDefault(option => option.Name == name) is { } flag ? parsed.GetValue(flag) : default;
}
