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
        Option<string> type = Type();
        var size = new Option<bool>("--size", "-s") { Description = "Measure containers on disk, too", Arity = ArgumentArity.Zero };
        Option<string?> format = Format();
        ContainerSelection selection = ContainerSelection.OfSeveral("NAME", "A container's or an image's name, id, or the beginning of its id");
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
            type, size, format,
        };
        storeFlags.AddTo(verb);
        selection.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            var kinds = new InspectedKinds(parsed.GetValue(type)!, parsed.GetValue(size), () => storeFlags.Open(parsed));
            return Print(parsed.GetValue(format), kinds, () => selection.ReadNames(parsed, EachContainer.Registry()));
        }));
        return verb;
    }

    /// <summary><c>image inspect</c>.</summary>
    internal static Command CreateForImages()
    {
        var storeFlags = new StoreFlags();
        Option<string?> format = Format();
        var names = new Argument<string[]>("IMAGE") { Description = "A name, an id, a digest, or its first digits", Arity = ArgumentArity.OneOrMore };
        var verb = new Command("inspect", """
            Print all that is known of images as a JSON list, in podman's words.

            Examples:
              podspawn-oci image inspect debian:12
              podspawn-oci image inspect --format '{{json .Config.Cmd}}' debian:12
            """)
        {
            format, names,
        };
        storeFlags.AddTo(verb);
        verb.SetAction(parsed => Failures.Guard(() =>
            Print(parsed.GetValue(format), new InspectedKinds("image", sizes: false, () => storeFlags.Open(parsed)), () => parsed.GetValue(names)!)));
        return verb;
    }

    private static Option<string> Type() => new("--type", "-t")
    {
        HelpName = string.Join('|', InspectedKinds.Words),
        DefaultValueFactory = _ => InspectedKinds.Any,
        Description = "Look only among these; of a name that is several, the first of these is taken",
    };

    /// <summary>The flag of a verb that prints all that is known of objects.</summary>
    internal static Option<string?> Format() =>
        new("--format", "-f") { HelpName = "json|TEMPLATE", Description = "The format of the output: a Go template is filled in for each" };

    /// <summary>Reads its value.</summary>
    /// <exception cref="UsageException">The format is not known, or the template is none.</exception>
    internal static OutputFormat Read(string? format) => format switch
    {
        null => new OutputFormat(true, null),
        "table" => throw new UsageException("--format: what is inspected has no table; use json, or a Go template such as '{{.Id}}'"),
        _ => OutputFormat.Read(format, "", null),
    };

    private static int Print(string? format, InspectedKinds kinds, Func<IReadOnlyList<string>> names)
    {
        OutputFormat form = Read(format);
        var found = new List<Inspected>();
        int status = EachContainer.Do(names(), name => found.Add(kinds.Find(name)));
        if (form.IsJson)
            Json.Write(new JsonArray(found.Select(one => one.Json).ToArray()), InspectJson.Default.JsonArray);
        else
            form.Print([.. found.Select(one => one.Value)]);
        return status == ExitCodes.Success ? status : ExitCodes.LaunchFailed;
    }
}
