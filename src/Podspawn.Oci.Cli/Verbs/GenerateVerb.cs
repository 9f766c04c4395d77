using System.CommandLine;
using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Systemd;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>generate systemd</c>: prints a unit that starts a container with the host.</summary>
internal static class GenerateVerb
{
    internal static Command Create()
    {
        var verb = new Command("generate", "Write what other programs need to run a container.");
        verb.Subcommands.Add(CreateSystemd());
        return verb;
    }

    private static Command CreateSystemd()
    {
        var files = new Option<bool>("--files", "-f") { Description = "Write the unit to the current directory, and print its path", Arity = ArgumentArity.Zero };
        // podman's flags for what is always the case here.
        var named = new Option<bool>("--name", "-n") { Description = "Call the unit by the container's name (always so)", Arity = ArgumentArity.Zero };
        var anew = new Option<bool>("--new") { Description = "Make the container anew at each start (always so)", Arity = ArgumentArity.Zero };
        var restart = new Option<string?>("--restart-policy") { HelpName = "POLICY",
            Description = "systemd's Restart= (default: by the container's --restart; on-failure where it has none)" };
        var stop = new Option<string?>("--stop-timeout", "--time", "-t") { HelpName = "SECONDS",
            Description = "How long a stop waits before it kills (default: the container's own)" };
        Option<string[]> wants = Units("--wants", "A unit to start with it"), after = Units("--after", "A unit to start before it"),
            requires = Units("--requires", "A unit that it cannot be without");
        var name = new Argument<string>("CONTAINER") { Description = "A container's name, id, or the beginning of its id" };
        var verb = new Command("systemd", """
            Print a unit of systemd that runs a container like this one with each start of the host: made anew by the words that made this one, in the
            foreground, with its output in the journal. A container of that name which is there when the unit starts is removed.

            Examples:
              podspawn-oci generate systemd web > /etc/systemd/system/podspawn-oci-web.service
              podspawn-oci generate systemd --files --restart-policy always --after postgresql.service web
            """)
        {
            files, named, anew, restart, stop, wants, after, requires, name,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            var options = new ServiceOptions
            {
                RestartPolicy = parsed.GetValue(restart),
                StopTimeoutSeconds = parsed.GetValue(stop) is { } text ? text == "-1" ? -1 : LifecycleFlags.Seconds(text, "--stop-timeout") : null,
                Wants = parsed.GetValue(wants) ?? [],
                After = parsed.GetValue(after) ?? [],
                Requires = parsed.GetValue(requires) ?? [],
            };
            Container container = EachContainer.Registry().Find(parsed.GetValue(name)!);
            ServiceUnit unit = ServiceUnit.Of(container, options, CommandOf(container));
            Streams.Output.Write(parsed.GetValue(files) ? $"{unit.WriteTo(Environment.CurrentDirectory)}\n" : unit.Text);
            return 0;
        }));
        return verb;
    }

    private static ServiceCommand CommandOf(Container container)
    {
        IReadOnlyList<string> words = ServiceWords.Of(
            container.Definition.CreateCommand, container.Name, ServiceUnit.EnvironmentOf(container), CommandLine.FlagsWithValue(RunVerb.Create()));
        return new ServiceCommand(OwnProgram.Path, words, ["rm", "--force", container.Name], $"podspawn-oci generate systemd {container.Name}");
    }

    private static Option<string[]> Units(string flag, string description) =>
        new(flag) { HelpName = "UNIT", Description = description, AllowMultipleArgumentsPerToken = false };
}
