using System.CommandLine;
using Podspawn.Oci.Lifecycle;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>rm</c>: removes containers, with everything they have written.</summary>
internal static class RmVerb
{
    internal static Command Create()
    {
        var force = new Option<bool>("--force", "-f") { Description = "Kill those that run; a container that is not there is no failure", Arity = ArgumentArity.Zero };
        var volumes = new Option<bool>("--volumes", "-v") { Description = "Remove their volumes without a name too, unless others use them", Arity = ArgumentArity.Zero };
        Argument<string[]> names = LifeVerbs.Containers();
        var verb = new Command("rm", """
            Remove containers, with their logs and all that they have written.

            Examples:
              podspawn-oci rm job
              podspawn-oci rm --force web worker
            """)
        {
            force, volumes, names,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            bool forced = parsed.GetValue(force);
            ContainerRegistry registry = EachContainer.Registry();
            return EachContainer.Do(parsed.GetValue(names)!, name =>
            {
                // As in docker, a container that is already gone counts as removed.
                Container? found = forced ? registry.TryFind(name) : registry.Find(name);
                if (found is null)
                    return;
                new ContainerStopper(registry).Remove(found, forced, parsed.GetValue(volumes));
                Output.Streams.Output.WriteLine(name);
            });
        }));
        return verb;
    }
}
