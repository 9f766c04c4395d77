using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>The verbs that take only containers and a flag or two: <c>stop</c>, <c>restart</c>, <c>kill</c>, <c>wait</c> and <c>rename</c>.</summary>
internal static class LifeVerbs
{
    internal static Command CreateStop()
    {
        Option<string?> time = Time();
        Argument<string[]> names = Containers();
        var verb = new Command("stop", """
            Ask containers to end, by their stop signal, and kill those that do not in time. No restart policy starts them again.

            Examples:
              podspawn-oci stop web
              podspawn-oci stop --time 30 web worker
            """)
        {
            time, names,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            int? seconds = Seconds(parsed.GetValue(time));
            return EachContainer.Do(parsed.GetValue(names)!, (registry, container) => new ContainerStopper(registry).Stop(container, seconds));
        }));
        return verb;
    }

    internal static Command CreateRestart()
    {
        Option<string?> time = Time();
        Argument<string[]> names = Containers();
        var verb = new Command("restart", """
            Stop containers, and start them again with what they have written.

            Examples:
              podspawn-oci restart web
            """)
        {
            time, names,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            int? seconds = Seconds(parsed.GetValue(time));
            return EachContainer.Do(parsed.GetValue(names)!, (registry, container) =>
                EachContainer.Runner(registry).Restart(container, seconds, notes => Failures.Show(notes, all: false)));
        }));
        return verb;
    }

    internal static Command CreateKill()
    {
        var signal = new Option<string>("--signal", "-s") { HelpName = "SIGNAL", Description = "The signal to send", DefaultValueFactory = _ => "KILL" };
        Argument<string[]> names = Containers();
        var verb = new Command("kill", """
            Send a signal to the first process of containers.

            Examples:
              podspawn-oci kill web
              podspawn-oci kill --signal HUP web
            """)
        {
            signal, names,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            int number = Signals.Parse(parsed.GetValue(signal)!, "--signal");
            return EachContainer.Do(parsed.GetValue(names)!, (registry, container) => new ContainerStopper(registry).Kill(container, number));
        }));
        return verb;
    }

    internal static Command CreateWait()
    {
        Argument<string[]> names = Containers();
        var verb = new Command("wait", """
            Wait until containers have ended, and print their exit statuses.

            Examples:
              podspawn-oci wait job
            """)
        {
            names,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ContainerRegistry registry = EachContainer.Registry();
            return EachContainer.Do(parsed.GetValue(names)!, name =>
            {
                using var waiter = new ContainerWaiter(registry, registry.Find(name));
                Streams.Output.WriteLine(waiter.Await());
            });
        }));
        return verb;
    }

    internal static Command CreateRename()
    {
        var from = new Argument<string>("CONTAINER") { Description = "A container's name, id, or the beginning of its id" };
        var to = new Argument<string>("NAME") { Description = "The new name" };
        var verb = new Command("rename", """
            Give a container another name. Its id stays.

            Examples:
              podspawn-oci rename web web-before
            """)
        {
            from, to,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ContainerRegistry registry = EachContainer.Registry();
            EachContainer.Runner(registry).Rename(registry.Find(parsed.GetValue(from)!), parsed.GetValue(to)!);
            return 0;
        }));
        return verb;
    }

    /// <summary>One or more containers.</summary>
    internal static Argument<string[]> Containers() =>
        new("CONTAINER") { Description = "A container's name, id, or the beginning of its id", Arity = ArgumentArity.OneOrMore };

    // The names of docker and podman.
    private static Option<string?> Time() =>
        new("--time", "--timeout", "-t") { HelpName = "SECONDS", Description = "Kill after this time (default: the container's own, or 10); -1 for never" };

    private static int? Seconds(string? text) => text is null ? null : text == "-1" ? -1 : (int)LifecycleFlags.Seconds(text, "--time");
}
