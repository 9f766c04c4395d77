using System.CommandLine;
using Podspawn.Oci.Terminals;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>--detach-keys</c>, for every verb that may have a terminal.</summary>
internal static class DetachKeysFlag
{
    /// <summary>Docker's message when they were typed.</summary>
    internal const string Left = "read escape sequence";

    internal static Option<string?> Create() => new("--detach-keys")
    {
        HelpName = "KEYS",
        Description = "The keys that leave the terminal, letters and ctrl-LETTER with commas between them; nothing for none (default: ctrl-p,ctrl-q)",
    };

    /// <exception cref="TerminalException">The keys are invalid.</exception>
    internal static DetachKeys? Read(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } text ? DetachKeys.Parse(text) : DetachKeys.Default;
}
