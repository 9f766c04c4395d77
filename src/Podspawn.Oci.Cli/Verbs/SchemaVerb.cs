using System.CommandLine;
using Podspawn.Oci.Cli.Output;
using Podspawn.Oci.Native;
using Podspawn.Oci.Schemas;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Cli.Verbs;

/// <summary><c>schema</c>: prints the JSON Schemas of the formats that the tool reads and writes.</summary>
internal static class SchemaVerb
{
    internal static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = string.Join(", ", SchemaFiles.Names), Arity = ArgumentArity.ZeroOrOne };
        name.CompletionSources.Add([.. SchemaFiles.Names]);
        var verb = new Command("schema", """
            Print the JSON Schema of a format: the config file and the matrix file, for editors; what verify, matrix, inspect, ps,
            images, stats and events print as JSON, for programs that read it. Without a name, list the names.

            Examples:
              podspawn-oci schema config > podspawn.schema.json
              podspawn-oci schema verify
            """)
        {
            name,
        };
        verb.SetAction(parsed => Failures.Guard(() =>
        {
            if (parsed.GetValue(name) is not { } wanted)
            {
                foreach (string known in SchemaFiles.Names)
                    Streams.Output.WriteLine(known);
                return 0;
            }
            if (!SchemaFiles.Names.Contains(wanted))
                throw new UsageException($"there is no schema '{wanted}'; {(Suggestion.DidYouMean(wanted, SchemaFiles.Names) ?? $"there are {string.Join(", ",
                    SchemaFiles.Names)}")}");
            using Stream schema = SchemaFiles.Open(wanted);
            using var output = new DescriptorStream(1);
            schema.CopyTo(output);
            return 0;
        }));
        return verb;
    }
}
