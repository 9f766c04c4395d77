using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Podspawn.Oci.Matrix;
using Podspawn.Oci.Tests.Schemas;
using static Podspawn.Oci.Tests.Matrix.MatrixSamples;

namespace Podspawn.Oci.Tests.Matrix;

public sealed class ReportSchemaSpecs
{
    private const string Verification = """
        {
          "version": 2, "container": "web", "runtime": "runc", "runtimeVersion": "1.1.5", "runtimePath": "/usr/sbin/runc", "looked": "probe", "result": "falls short",
          "findings": [
            {"name": "pids_limit", "keys": ["security.pids_limit"], "wish": "256", "result": "holds", "evidence": ["EAGAIN at 256"], "shortfalls": [], "notes": [],
             "attacks": [{"name": "threads", "on": null, "result": "refused", "detail": "threads: ended at 256 tasks with EAGAIN"}]},
            {"name": "namespaces", "keys": [], "wish": "private", "result": "falls short", "evidence": [], "shortfalls": ["ipc is the host's"], "notes": [],
             "attacks": [{"name": "sysv", "on": null, "result": "works", "detail": "a segment: ok"}]}
          ],
          "spec": {"ociVersion": "1.0.2"}
        }
        """;

    [Fact]
    public async Task Every_matrix_report_that_we_write_is_valid()
    {
        // Names are never empty in a matrix file; every other text may be anything.
        MatrixReport[] hostile = [.. HostileReport.Array[20].Single().Select(Named)];
        string[][] errors = await SchemaCheck.Errors("matrix", [Text(EveryKind()), Text(Report()), .. hostile.Select(Text)]);

        Assert.Equal(22, errors.Length);
        Assert.All(errors, Assert.Empty);
    }

    [Fact]
    public async Task A_broken_matrix_report_is_refused() => await EachIsRefused("matrix", Text(EveryKind()),
        ("\"version\":1", "\"version\":2"),
        ("\"version\":1", "\"version\":\"1\""),
        ("\"version\":1,", ""),
        ("\"version\":1,", "\"version\":1,\"more\":1,"),
        ("\"started\":\"2026-07-01T", "\"started\":\"yesterday"),
        ("\"seconds\":1.5", "\"seconds\":-1.5"),
        ("\"jobs\":2", "\"jobs\":0"),
        ("\"cgroups\":\"v2\"", "\"cgroups\":\"v3\""),
        ("\"processors\":4", "\"processors\":4,\"load\":1"),
        ("\"arguments\":[]", "\"arguments\":[1]"),
        ("\"text\":", "\"yaml\":"),
        ("\"bundles\":[\"empty\"]", "\"bundles\":[\"\"]"),
        ("\"spec\":{\"ociVersion\":\"1.0.2\"}", "\"spec\":null"),
        ("\"result\":\"holds\"", "\"result\":\"perhaps\""),
        ("\"expected\":\"holds\"", "\"expected\":0"),
        ("\"asExpected\":true", "\"asExpected\":\"yes\""),
        ("\"wish\":", "\"want\":"),
        ("\"evidence\":[", "\"evidence\":[null,"),
        ("\"exitStatus\":3", "\"exitStatus\":3.5"),
        ("\"errors\":\"\"", "\"errors\":null"),
        ("\"unexpected\":4", "\"unexpected\":-4"));

    [Fact]
    public async Task A_verification_is_valid_with_and_without_its_spec()
    {
        string[] documents = [Verification, .. SchemaCheck.Broken(Verification, [(",\n  \"spec\": {\"ociVersion\": \"1.0.2\"}", ""), ("\"probe\"", "\"outside\"")])];

        Assert.All(await SchemaCheck.Errors("verify", documents), Assert.Empty);
    }

    [Fact]
    public async Task A_broken_verification_is_refused() => await EachIsRefused("verify", Verification,
        ("\"version\": 2", "\"version\": 1"),
        ("\"result\": \"refused\"", "\"result\": \"works\""),
        ("\"result\": \"refused\"", "\"result\": \"stopped\""),
        ("\"on\": null", "\"on\": 1"),
        ("\"detail\": \"threads", "\"text\": \"threads"),
        ("\"container\": \"web\"", "\"container\": \"\""),
        ("\"container\": \"web\",", ""),
        ("\"looked\": \"probe\"", "\"looked\": \"inside\""),
        ("\"result\": \"falls short\"", "\"result\": \"error\""),
        ("\"runtime\": \"runc\"", "\"runtime\": \"runc\", \"host\": \"a\""),
        ("\"keys\": [", "\"keys\": [1, "),
        ("\"name\": \"pids_limit\"", "\"name\": \"\""),
        ("\"wish\": \"256\"", "\"wish\": 256"),
        ("\"wish\": \"256\"", "\"wish\": \"256\", \"want\": 1"),
        ("\"shortfalls\": []", "\"shortfalls\": [\"it holds and falls short\"]"),
        (" \"notes\": [],", ""),
        ("\"spec\": {", "\"spec\": [], \"x\": {"));

    [Theory]
    [InlineData("matrix")]
    [InlineData("verify")]
    public void Every_object_is_closed_and_every_property_described(string name) => Described(JsonNode.Parse(SchemaCheck.TextOf(name))!, "$");

    private static void Described(JsonNode schema, string path)
    {
        if (schema is JsonObject { } node && node["properties"] is JsonObject properties && node["type"]?.GetValue<string>() == "object")
        {
            Assert.True(node["additionalProperties"]?.GetValueKind() == JsonValueKind.False, $"{path} takes any property");
            Assert.All(properties, property => Assert.True(
                property.Value!["description"] is not null || property.Value["$ref"]?.GetValue<string>() is "#/$defs/name" or "#/$defs/result",
                $"{path}.{property.Key} has no description"));
        }

        foreach ((string key, JsonNode child) in schema is JsonObject o ? o.Where(pair => pair.Value is JsonObject).Select(pair => (pair.Key, pair.Value!)) : [])
            Described(child, $"{path}.{key}");
    }

    private static async Task EachIsRefused(string schema, string document, params (string Good, string Bad)[] replacements)
    {
        string[][] errors = await SchemaCheck.Errors(schema, [document, .. SchemaCheck.Broken(document, replacements)]);

        Assert.Empty(errors[0]);
        Assert.Equal(replacements.Length + 1, errors.Length);
        Assert.All(replacements.Zip(errors.Skip(1)), pair => Assert.True(pair.Second.Length > 0, $"{pair.First.Bad} is taken"));
    }

    private static MatrixReport Named(MatrixReport report) =>
        Report([.. report.Cells.Select(cell => cell with { Runtime = $"a{cell.Runtime}", Config = $"a{cell.Config}", Bundle = $"a{cell.Bundle}", Probe = $"a{cell.Probe}" })]);

    private static string Text(MatrixReport report) => Encoding.UTF8.GetString(MatrixJson.Serialize(report));
}
