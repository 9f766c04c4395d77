using System.CommandLine;
using Podspawn.Oci.Lifecycle.Updating;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>update</c>: changes the limits and the restart policy of existing containers.</summary>
internal static class UpdateVerb
{
    internal static Command Create()
    {
        var pids = new Option<long?>("--pids-limit") { HelpName = "N", Description = "The largest number of processes; -1 for unlimited" };
        var memory = new Option<string?>("--memory", "-m") { HelpName = "SIZE", Description = "The memory it may use (b, k, m, g); 0 for unlimited" };
        var cpus = new Option<string?>("--cpus") { HelpName = "N", Description = "The number of processors it may use; 0 for unlimited" };
        var restart = new Option<string?>("--restart") { HelpName = "no|on-failure[:N]|always", Description = "Whether to start it again when it has ended" };
        var resources = new ResourceFlags();
        Argument<string[]> names = LifeVerbs.Containers();
        var verb = new Command("update", """
            Change limits of containers, and whether they are started again. Those that run have the new limits at once, and all have them at their
            next start; verify holds a container against the new ones.

            Examples:
              podspawn-oci update --memory 1g --cpus 1.5 web
              podspawn-oci update --pids-limit 64 --restart on-failure:3 web worker
            """)
        {
            pids, memory, cpus, restart, names,
        };
        resources.AddLimits(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            var wish = new UpdateRequest
            {
                PidsLimit = parsed.GetValue(pids),
                Memory = parsed.GetValue(memory),
                Cpus = parsed.GetValue(cpus),
                CpuQuota = resources.Quota(parsed),
                Resources = resources.ReadLimits(parsed),
                Restart = parsed.GetValue(restart),
            };
            return EachContainer.Do(
                parsed.GetValue(names)!, (registry, container) => NoteFlags.Teller(parsed)(new Updater(registry).Update(container, wish)));
        }));
        return verb;
    }
}
