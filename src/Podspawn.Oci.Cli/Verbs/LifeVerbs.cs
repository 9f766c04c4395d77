using System.CommandLine;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>The verbs that take only containers and a flag or two: <c>stop</c>, <c>restart</c>, <c>kill</c> and <c>rename</c>.</summary>
internal static class LifeVerbs
{
    internal static Command CreateStop()
    {
        Option<string?> time = Time();
        var selection = new ContainerSelection("all that run", container => container.IsUp, "afi");
        var verb = new Command("stop", """
            Ask containers to end, by their stop signal, and kill those that do not in time. No restart policy starts them again.

            Examples:
              podspawn-oci stop web
              podspawn-oci stop --time 30 web worker
              podspawn-oci stop --filter label=job
            """)
        {
            time,
        };
        selection.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            int? seconds = Seconds(parsed.GetValue(time));
            ContainerRegistry registry = EachContainer.Registry();
            return selection.Do(parsed, registry, container =>
            {
                if (new ContainerStopper(registry).Stop(container, seconds) is { } unheeded)
                    Failures.Warn($"StopSignal {Signals.Name(unheeded.Signal)} failed to stop container {container.Name} in {unheeded.Seconds} seconds, resorting to SIGKILL");
            });
        }));
        return verb;
    }

    internal static Command CreateRestart()
    {
        Option<string?> time = Time();
        var running = new Option<bool>("--running") { Description = "Choose all that run", Arity = ArgumentArity.Zero };
        // What goes with its end cannot be started again.
        var selection = new ContainerSelection(
            "all that can be started again, those that do not run too", container => container.Definition is { Foreground: false, Lifecycle.Remove: false }, "af")
        {
            Narrower = (running, container => container.IsUp),
        };
        var verb = new Command("restart", """
            Stop containers, and start them again with what they have written.

            Examples:
              podspawn-oci restart web
              podspawn-oci restart --running
            """)
        {
            time,
        };
        selection.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            int? seconds = Seconds(parsed.GetValue(time));
            ContainerRegistry registry = EachContainer.Registry();
            return selection.Do(parsed, registry, container => EachContainer.Runner(registry).Restart(container, seconds, NoteFlags.Teller(parsed)));
        }));
        return verb;
    }

    internal static Command CreateKill()
    {
        var signal = new Option<string>("--signal", "-s") { HelpName = "SIGNAL", Description = "The signal to send", DefaultValueFactory = _ => "KILL" };
        var selection = new ContainerSelection("all that run", container => container.IsUp, "a");
        var verb = new Command("kill", """
            Send a signal to the first process of containers.

            Examples:
              podspawn-oci kill web
              podspawn-oci kill --signal HUP web
              podspawn-oci kill --all
            """)
        {
            signal,
        };
        selection.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            int number = Signals.Parse(parsed.GetValue(signal)!, "--signal");
            ContainerRegistry registry = EachContainer.Registry();
            return selection.Do(parsed, registry, container => new ContainerStopper(registry).Kill(container, number));
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

    /// <summary>The time between asking and killing, by the names of docker and podman.</summary>
    internal static Option<string?> Time(string description = "Kill after this time (default: the container's own, or 10); -1 for never") =>
        new("--time", "--timeout", "-t") { HelpName = "SECONDS", Description = description };

    /// <summary>What that flag says; negative for no limit, null where it was not given.</summary>
    /// <exception cref="UsageException">The text is no number of seconds.</exception>
    internal static int? Seconds(string? text) => text is null ? null : text == "-1" ? -1 : (int)LifecycleFlags.Seconds(text, "--time");
}
