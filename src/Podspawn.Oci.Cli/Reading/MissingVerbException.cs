using System.CommandLine;

namespace Podspawn.Oci.Cli.Reading;

/// <summary>A command line ends before it says what to do.</summary>
/// <param name="path">The words so far.</param>
/// <param name="command">What has verbs below it.</param>
internal sealed class MissingVerbException(string path, Command command) : UsageException($"the verb is missing; write {path} VERB")
{
    /// <summary>The command line that shows the verbs that there are.</summary>
    internal string[] Help { get; } = command is RootCommand ? ["--help"] : [command.Name, "--help"];
}
