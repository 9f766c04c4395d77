using System.CommandLine;
using Podspawn.Oci.Lifecycle;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>start</c>: containers that were created, or have ended.</summary>
internal static class StartVerb
{
    internal static Command Create()
    {
        Argument<string[]> names = LifeVerbs.Containers();
        var verb = new Command("start", """
            Start containers that were created or have ended, with what they have written before. Returns when their commands run.

            Examples:
              podspawn-oci start web
            """)
        {
            names,
        };
        verb.SetAction(parsed => Failures.Guard(() => EachContainer.Do(
            parsed.GetValue(names)!, (registry, container) => new ContainerRunner(registry).Start(container, notes => Failures.Show(notes, all: false)))));
        return verb;
    }
}
