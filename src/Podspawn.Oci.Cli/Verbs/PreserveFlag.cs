using System.CommandLine;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>podman's <c>--preserve-fds</c> of <c>run</c> and <c>exec</c>.</summary>
internal static class PreserveFlag
{
    internal static Option<int> Create() => new("--preserve-fds") { HelpName = "N", Description = "Let the command have N further descriptors of the caller, from 3 on" };

    /// <summary>Reads it.</summary>
    /// <exception cref="UsageException">The command would outlive the caller, with what the caller has open.</exception>
    internal static int Read(ParseResult parsed, Option<int> flag, bool stays) => parsed.GetValue(flag) != 0 && stays
        ? throw new UsageException("--preserve-fds: only a command in the foreground has its caller's descriptors; leave --detach and --rm=false away")
        : parsed.GetValue(flag);
}
