using System.CommandLine;
using System.Globalization;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Logging;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>logs</c>: prints what a container has written.</summary>
internal static class LogsVerb
{
    internal static Command Create()
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the container has ended", Arity = ArgumentArity.Zero };
        var since = new Option<string?>("--since") { HelpName = "TIME",
            Description = "Leave out what is older: 2026-01-31T08:30:00Z, 2026-01-31, seconds since 1970, or 10m for ten minutes ago" };
        var until = new Option<string?>("--until") { HelpName = "TIME", Description = "Leave out what is newer; takes the same forms" };
        var tail = new Option<string>("--tail", "-n") { HelpName = "N|all", Description = "Show only the last N lines", DefaultValueFactory = _ => "all" };
        var timestamps = new Option<bool>("--timestamps", "-t") { Description = "Show when each line was written", Arity = ArgumentArity.Zero };
        var names = new Option<bool>("--names") { Description = "Of several containers, begin each line with the name in place of the id", Arity = ArgumentArity.Zero };
        ContainerSelection selection = ContainerSelection.OfSeveral();
        var verb = new Command("logs", """
            Show what a container has written: its stdout on stdout, its stderr on stderr, byte for byte. Containers that run in the
            foreground of a command have no log. Of several containers each line begins with the id of its own, and lines of one are
            never mixed up with another's; without --follow those of the first come first.

            Examples:
              podspawn-oci logs web
              podspawn-oci logs --follow --tail 100 web
              podspawn-oci logs --since 10m --timestamps web 2>&1 | grep -i error
              podspawn-oci logs --follow --names web worker
            """);
        foreach (Option option in new Option[] { follow, since, until, tail, timestamps, names })
            verb.Options.Add(option);
        selection.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            Instant? Time(Option<string?> option) => parsed.GetValue(option) is { } text ? Instant.Parse(text, option.Name) : null;
            ContainerRegistry registry = EachContainer.Registry();
            return new ContainerLogs(registry).Print(selection.ReadNames(parsed, registry), new LogQuery
            {
                Follow = parsed.GetValue(follow),
                Since = Time(since),
                Until = Time(until),
                Tail = Lines(parsed.GetValue(tail)!),
                Timestamps = parsed.GetValue(timestamps),
                ByName = parsed.GetValue(names),
            });
        }));
        return verb;
    }

    // As in docker, a negative number means all.
    private static long? Lines(string text) => text == "all" || text.Length == 0 ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long lines) ? (lines < 0 ? null : lines)
        : throw LifecycleErrors.Of($"--tail: '{Printable.Clean(text)}' is no number of lines; write a number, or all");
}
