using System.CommandLine;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Pausing;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>pause</c> and <c>unpause</c>: freeze and thaw every process of a container.</summary>
internal static class PauseVerbs
{
    internal static Command CreatePause() => Create(
        "pause",
        """
        Freeze every process of containers: they keep their memory, and use no processor until unpause.

        Examples:
          podspawn-oci pause web worker
        """,
        (pauser, container) => pauser.Pause(container));

    internal static Command CreateUnpause() => Create(
        "unpause",
        """
        Let the processes of paused containers go on.

        Examples:
          podspawn-oci unpause web worker
        """,
        (pauser, container) => pauser.Unpause(container));

    private static Command Create(string name, string description, Action<Pauser, Container> act)
    {
        Argument<string[]> names = LifeVerbs.Containers();
        var verb = new Command(name, description) { names };
        verb.SetAction(parsed => Failures.Guard(() => EachContainer.Do(parsed.GetValue(names)!, (registry, container) => act(new Pauser(registry), container))));
        return verb;
    }
}
