using System.CommandLine;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.Lifecycle.Pausing;
using Podspawn.Oci.State.Records;

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
          podspawn-oci pause --all
        """,
        new ContainerSelection("all that run and are not paused", container => container.State.Status == ContainerStatus.Running, "af"),
        (pauser, container) => pauser.Pause(container));

    internal static Command CreateUnpause() => Create(
        "unpause",
        """
        Let the processes of paused containers go on.

        Examples:
          podspawn-oci unpause web worker
          podspawn-oci unpause --all
        """,
        new ContainerSelection("all that are paused", container => container.State.Status == ContainerStatus.Paused, "af"),
        (pauser, container) => pauser.Unpause(container));

    private static Command Create(string name, string description, ContainerSelection selection, Action<Pauser, Container> act)
    {
        var verb = new Command(name, description);
        selection.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ContainerRegistry registry = EachContainer.Registry();
            return selection.Do(parsed, registry, container => act(new Pauser(registry), container));
        }));
        return verb;
    }
}
