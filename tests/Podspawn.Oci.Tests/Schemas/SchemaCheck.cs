using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;
using CliWrap.Exceptions;
using Podspawn.Oci.Schemas;

namespace Podspawn.Oci.Tests.Schemas;

/// <summary>Holds documents against a schema with a validator that is not ours: python3-jsonschema.</summary>
internal static class SchemaCheck
{
    // The interpreter of the distribution, which alone has its packages.
    private const string Python = "/usr/bin/python3";

    private const string Script =
        """
        import json, sys
        try:
            from jsonschema import Draft202012Validator
        except ImportError:
            sys.exit("python3-jsonschema is missing; run scripts/setup")
        asked = json.load(sys.stdin)
        Draft202012Validator.check_schema(asked["schema"])
        validator = Draft202012Validator(asked["schema"])
        json.dump([[error.message[:200] for error in validator.iter_errors(document)] for document in asked["documents"]], sys.stdout)
        """;

    public static string TextOf(string schema)
    {
        using var reader = new StreamReader(SchemaFiles.Open(schema));
        return reader.ReadToEnd();
    }

    /// <summary>What the schema says against each document: nothing where it is valid.</summary>
    public static async Task<IReadOnlyList<string>> Complaints(string schema, IReadOnlyList<string> documents)
    {
        string asked = $$"""{"schema": {{TextOf(schema)}}, "documents": [{{string.Join(",", documents)}}]}""";
        BufferedCommandResult answer;
        try
        {
            answer = await Cli.Wrap(Python).WithArguments(["-c", Script]).WithStandardInputPipe(PipeSource.FromString(asked))
                .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        }
        catch (Exception exception) when (exception is CliWrapException or System.ComponentModel.Win32Exception)
        {
            throw new InvalidOperationException($"cannot start {Python}; run scripts/setup", exception);
        }

        Assert.True(answer.ExitCode == 0, $"{Python} ended with {answer.ExitCode}: {answer.StandardError}");
        return [.. JsonNode.Parse(answer.StandardOutput)!.AsArray().Select(errors => string.Join("; ", errors!.AsArray()))];
    }
}
