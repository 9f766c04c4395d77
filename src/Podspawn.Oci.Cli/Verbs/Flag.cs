using System.CommandLine;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>The kinds of flags that many verbs have.</summary>
internal static class Flag
{
    /// <summary>A flag that has one text.</summary>
    internal static Option<string?> Text(string name, string helpName, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = helpName, Description = description };

    /// <summary>A flag that may be given again: each time with one text.</summary>
    internal static Option<string[]> List(string name, string helpName, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = helpName, Description = description, AllowMultipleArgumentsPerToken = false };
}
