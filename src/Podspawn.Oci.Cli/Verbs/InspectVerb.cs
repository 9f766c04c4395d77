using System.CommandLine;
using System.Text.Json.Nodes;
using Podspawn.Oci.Cli.Inspecting;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Errors;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>inspect</c>: prints everything that is known of containers and images.</summary>
internal static class InspectVerb
{
    internal static Command Create()
    {
        var storeFlags = new StoreFlags();
        var type = new Option<string>("--type", "-t") { HelpName = string.Join('|', InspectedKinds.Words), DefaultValueFactory = _ => InspectedKinds.Any,
            Description = "Look only among these; of a name that is both, the container is taken" };
        var size = new Option<bool>("--size", "-s") { Description = "Measure containers on disk, too", Arity = ArgumentArity.Zero };
        var format = new Option<string?>("--format", "-f") { HelpName = "json|TEMPLATE", Description = "The format of the output: a Go template is filled in for each" };
        var names = new Argument<string[]>("NAME") { Description = "A container's or an image's name, id, or the beginning of its id", Arity = ArgumentArity.OneOrMore };
        var verb = new Command("inspect", """
            Print all that is known of containers and images as a JSON list: what they were made to be, how far their lives have gone, and
            the config.json that a container's runtime got. Names of fields are docker's and podman's. Exit status 125 when one of the names
            is unknown; the others are printed.

            Examples:
              podspawn-oci inspect web
              podspawn-oci inspect --format '{{.State.Status}} {{.State.ExitCode}}' web
              podspawn-oci inspect --type image --format '{{json .Config}}' debian:12
            """)
        {
            type, size, format, names,
        };
        storeFlags.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            string? text = parsed.GetValue(format);
            OutputFormat form = text is null ? new OutputFormat(true, null) : OutputFormat.Read(text, "", null);
            if (text == "table")
                throw new UsageException("--format: what is inspected has no table; use json, or a Go template such as '{{.Id}}'");
            var kinds = new InspectedKinds(parsed.GetValue(type)!, parsed.GetValue(size), () => storeFlags.Open(parsed));
            var found = new List<Inspected>();
            int status = EachContainer.Do(parsed.GetValue(names)!, name => found.Add(kinds.Find(name)));
            if (form.IsJson)
                Json.Write(new JsonArray(found.Select(one => one.Json).ToArray()), InspectJson.Default.JsonArray);
            else
                form.Print([.. found.Select(one => one.Value)]);
            return status == ExitCodes.Success ? status : ExitCodes.LaunchFailed;
        }));
        return verb;
    }
}
