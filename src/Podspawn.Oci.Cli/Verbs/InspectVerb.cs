using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Lifecycle;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>inspect</c>: prints everything that is known of containers.</summary>
internal static class InspectVerb
{
    internal static Command Create()
    {
        ContainerSelection selection = ContainerSelection.OfSeveral();
        var verb = new Command("inspect", """
            Print all that is known of containers as a JSON list: what they were made to be, how far their lives have gone, and the config.json
            that their runtimes got.

            Examples:
              podspawn-oci inspect web
              podspawn-oci inspect web | jq -r '.[0].state.exitCode'
            """);
        selection.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ContainerRegistry registry = EachContainer.Registry();
            var found = new List<InspectReport>();
            int status = EachContainer.Do(selection.ReadNames(parsed, registry), name => found.Add(InspectReports.Of(registry.Find(name))));
            Json.Write(found, JsonReports.Default.IReadOnlyListInspectReport);
            return status;
        }));
        return verb;
    }
}
