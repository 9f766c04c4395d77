using System.CommandLine;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>exists</c>: tells by its exit status alone whether something is there.</summary>
internal static class ExistsVerb
{
    internal static Command CreateForContainer()
    {
        var name = new Argument<string>("CONTAINER") { Description = "A container's name, id, or the beginning of its id" };
        var external = new Option<bool>("--external") { Description = "Taken for podman's sake: other programs have no containers in this store",
            Arity = ArgumentArity.Zero };
        var verb = new Command("exists", """
            Tell whether there is such a container, by the exit status: 0 where there is, 1 where there is none, 125 where that cannot be told.

            Examples:
              podspawn-oci container exists web || podspawn-oci run -d --name web nginx
            """)
        {
            external, name,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            try
            {
                return EachContainer.Registry().TryFind(parsed.GetValue(name)!) is null ? ExitCodes.Failure : ExitCodes.Success;
            }
            catch (ContainerException e)
            {
                Failures.Report(e);
                return ExitCodes.LaunchFailed;
            }
        }));
        return verb;
    }
}
