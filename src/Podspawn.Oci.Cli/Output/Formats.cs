using System.CommandLine;

namespace Podspawn.Oci.Cli.Output;

/// <summary>The <c>--format</c> flag.</summary>
internal static class Formats
{
    internal static Option<string> Option() =>
        new("--format") { HelpName = "table|json", Description = "The format of the output", DefaultValueFactory = _ => "table" };

    /// <summary>Whether the format is json.</summary>
    /// <exception cref="UsageException">The format is neither table nor json.</exception>
    internal static bool IsJson(string? format) => format switch
    {
        "json" => true,
        "table" or null => false,
        _ => throw new UsageException($"--format: '{format}' is not known; use table or json"),
    };
}
