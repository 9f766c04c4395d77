using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using Podspawn.Oci.Matrix;

namespace Podspawn.Oci.Tests.Matrix;

/// <summary>Holds documents against a JSON Schema of ours by an implementation that is not ours: python3-jsonschema.</summary>
internal static class SchemaCheck
{
    private const string Python = "/usr/bin/python3";

    // Reads {"schema": ..., "documents": [...]}; prints for each document what is wrong with it.
    private const string Program = """
        import json, sys
        from jsonschema import Draft202012Validator
        given = json.load(sys.stdin)
        Draft202012Validator.check_schema(given["schema"])
        validator = Draft202012Validator(given["schema"])
        json.dump([[e.json_path + ": " + e.message for e in validator.iter_errors(d)] for d in given["documents"]], sys.stdout)
        """;

    /// <summary>The schema, as it ships in the library.</summary>
    internal static string Schema(string name)
    {
        using Stream stream = typeof(MatrixReport).Assembly.GetManifestResourceStream($"{name}.schema.json")
            ?? throw new InvalidOperationException($"{name}.schema.json is not embedded in the library");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>What is wrong with each document; nothing where it is valid.</summary>
    internal static async Task<string[][]> Errors(string name, params string[] documents)
    {
        if (!File.Exists(Python))
            Assert.Fail($"{Python} is missing; run scripts/setup");
        string given = $$"""{"schema": {{Schema(name)}}, "documents": [{{string.Join(',', documents)}}]}""";
        BufferedCommandResult result = await Cli.Wrap(Python).WithArguments(["-c", Program]).WithStandardInputPipe(PipeSource.FromString(given))
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        Assert.False(
            result.StandardError.Contains("No module named 'jsonschema'", StringComparison.Ordinal), "python3-jsonschema is missing; run scripts/setup");
        Assert.True(result.ExitCode == 0, result.StandardError);
        using JsonDocument answer = JsonDocument.Parse(result.StandardOutput);
        return [.. answer.RootElement.EnumerateArray().Select(errors => errors.EnumerateArray().Select(error => error.GetString()!).ToArray())];
    }

    /// <summary>The document with each of the replacements made at its first place, one by one.</summary>
    internal static string[] Broken(string document, IEnumerable<(string Good, string Bad)> replacements) => [.. replacements.Select(replacement =>
    {
        int place = document.IndexOf(replacement.Good, StringComparison.Ordinal);
        Assert.True(place >= 0, $"{replacement.Good} is not in {document}");
        return document[..place] + replacement.Bad + document[(place + replacement.Good.Length)..];
    })];
}
