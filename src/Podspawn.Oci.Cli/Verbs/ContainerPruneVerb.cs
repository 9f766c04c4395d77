using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Lifecycle;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>container prune</c>: removes containers that do not run.</summary>
internal static class ContainerPruneVerb
{
    internal static Command Create()
    {
        Option<bool> force = Unasked();
        var filter = new Option<string[]>("--filter") { HelpName = "KEY=VALUE", Description = "Remove those that fit, as with ps", AllowMultipleArgumentsPerToken = false };
        var verb = new Command("prune", """
            Remove containers that do not run, and print their ids.

            Examples:
              podspawn-oci container prune --filter until=24h
            """)
        {
            force, filter,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            ContainerRegistry registry = EachContainer.Registry();
            foreach (PrunedContainer gone in new ContainerPruning(registry).Prune(ContainerFilter.Parse(parsed.GetValue(filter) ?? [], registry), dryRun: false))
                Streams.Output.WriteLine(gone.Id);
            return 0;
        }));
        return verb;
    }

    /// <summary>docker's and podman's flag for not being asked, which nobody is.</summary>
    internal static Option<bool> Unasked() => new("--force", "-f") { Description = "Do not ask first (never done)", Arity = ArgumentArity.Zero };
}
