using System.Text.Json;
using CliWrap;
using Podspawn.Oci.Schemas;

namespace Podspawn.Oci.Tests.Schemas;

/// <summary>Checks documents against one of our schemas with an independent validator: python3-jsonschema.</summary>
internal static class SchemaCheck
{
    // The distribution's interpreter, which is the only one with its packages.
    private const string Python = "/usr/bin/python3";

    // Reads {"schema": ..., "documents": [...]}; prints for each document what is wrong with it.
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
        json.dump([[e.json_path + ": " + e.message[:200] for e in validator.iter_errors(d)] for d in asked["documents"]], sys.stdout)
        """;

    /// <summary>The schema, as it ships in the library.</summary>
    internal static string TextOf(string schema)
    {
        using var reader = new StreamReader(SchemaFiles.Open(schema));
        return reader.ReadToEnd();
    }

    /// <summary>What is wrong with each document; empty where it is valid.</summary>
    internal static async Task<string[][]> Errors(string schema, IReadOnlyList<string> documents)
    {
        Assert.True(File.Exists(Python), $"{Python} is missing; run scripts/setup");
        string asked = $$"""{"schema": {{TextOf(schema)}}, "documents": [{{string.Join(',', documents)}}]}""";
        Outcome answer = (await Outcome.Of(CliWrap.Cli.Wrap(Python).WithArguments(["-c", Script]).WithStandardInputPipe(PipeSource.FromString(asked)))).Succeeded();
        using JsonDocument errors = JsonDocument.Parse(answer.Output);
        return [.. errors.RootElement.EnumerateArray().Select(ofOne => ofOne.EnumerateArray().Select(error => error.GetString()!).ToArray())];
    }

    /// <summary>The same as one line for each document, empty where it is valid.</summary>
    internal static async Task<IReadOnlyList<string>> Complaints(string schema, IReadOnlyList<string> documents) =>
        [.. (await Errors(schema, documents)).Select(errors => string.Join("; ", errors))];

    /// <summary>The document with one of the replacements made at its first occurrence, for each replacement.</summary>
    internal static string[] Broken(string document, IEnumerable<(string Good, string Bad)> replacements) => [.. replacements.Select(replacement =>
    {
        int place = document.IndexOf(replacement.Good, StringComparison.Ordinal);
        Assert.True(place >= 0, $"{replacement.Good} is not in {document}");
        return document[..place] + replacement.Bad + document[(place + replacement.Good.Length)..];
    })];
}
