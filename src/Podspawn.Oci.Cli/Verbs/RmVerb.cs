using System.CommandLine;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>rm</c>: removes containers, with everything they have written.</summary>
internal static class RmVerb
{
    internal static Command Create()
    {
        var force = new Option<bool>("--force", "-f") { Description = "Kill those that run; a container that is not there is no failure", Arity = ArgumentArity.Zero };
        Option<string?> time = LifeVerbs.Time("With --force: ask it to end, and kill it only after this time; -1 for never (default: kill it at once)");
        var volumes = new Option<bool>("--volumes", "-v") { Description = "Remove their volumes without a name too, unless others use them", Arity = ArgumentArity.Zero };
        var depend = new Option<bool>("--depend") { Description = "Taken for podman's sake: no container here depends on another", Arity = ArgumentArity.Zero };
        var selection = new ContainerSelection("all containers, whatever they do", _ => true, "ai");
        var verb = new Command("rm", """
            Remove containers, with their logs and all that they have written.

            Examples:
              podspawn-oci rm job
              podspawn-oci rm --force --time 5 web worker
              podspawn-oci rm --all --filter status=exited
            """)
        {
            force, time, volumes, depend,
        };
        selection.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            bool forced = parsed.GetValue(force);
            int? seconds = LifeVerbs.Seconds(parsed.GetValue(time));
            if (seconds is not null && !forced)
                throw new UsageException("--time: only what runs is stopped, and that is removed with --force alone; add it, or leave --time away");
            ContainerRegistry registry = EachContainer.Registry();
            var stopper = new ContainerStopper(registry);
            // As in docker, with force a container that is already gone counts as removed.
            return selection.Do(parsed, registry, ignoreMissing: forced, missing: ExitCodes.Failure, act: container =>
            {
                bool asks = seconds is not null && container.IsUp;
                if (asks)
                    stopper.Stop(container, seconds);
                // In the foreground it has gone with its end.
                if (!asks || !container.Definition.Foreground)
                    stopper.Remove(container, forced, parsed.GetValue(volumes));
            });
        }));
        return verb;
    }
}
