using Podspawn.Oci.Cli.Callbacks;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Errors;
using Podspawn.Oci.Lifecycle;
using Podspawn.Oci.State;
using Podspawn.Oci.State.Store;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary>Verbs for several containers: as in docker, a failure with one does not stop the others.</summary>
internal static class EachContainer
{
    internal static ContainerRegistry Registry() => new(new ContainerStore(StateLayout.Default));

    /// <summary>Starts containers whose monitors call this program back.</summary>
    internal static ContainerRunner Runner(ContainerRegistry registry) => new(registry, OwnProgram.ExitCommand, OwnProgram.Signals);

    /// <summary>Runs an action for each container, and prints the name as given for each success.</summary>
    /// <returns>0, or the status of the last failure.</returns>
    internal static int Do(IEnumerable<string> names, Action<ContainerRegistry, Container> act)
    {
        ContainerRegistry registry = Registry();
        return Do(names, name =>
        {
            act(registry, registry.Find(name));
            Streams.Output.WriteLine(name);
        });
    }

    /// <summary>Runs an action for each item.</summary>
    /// <param name="items">The items.</param>
    /// <param name="act">What to do with each.</param>
    /// <param name="missing">The exit status where one does not exist; null for that of the exception.</param>
    /// <returns>0, or the status of the last failure.</returns>
    internal static int Do<T>(IEnumerable<T> items, Action<T> act, int? missing = null)
    {
        int status = 0;
        foreach (T item in items)
        {
            try
            {
                act(item);
            }
            catch (PodspawnException e) when (e.Problems.Count == 0)
            {
                // A wrong value that was given for all containers comes as problems, and is reported once.
                Failures.Report(e);
                status = e is IMissing && missing is { } own ? own : e.ExitStatus;
            }
        }
        return status;
    }
}
