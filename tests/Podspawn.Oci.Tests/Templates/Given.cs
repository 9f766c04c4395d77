using System.Text.Json;
using Podspawn.Oci.Cli.Templates;

namespace Podspawn.Oci.Tests.Templates;

/// <summary>A value for templates. What has a capital in JSON is a field of a group, everything else a key of a map.</summary>
internal static class Given
{
    internal const string Json = """
        {
          "Id": "4bc5f1a2d3e6", "ID": "4bc5", "Name": "web", "Number": 42, "Negative": -7, "Zero": 0, "Big": 18446744073709551615, "Half": 0.5, "Huge": 1e21, "Tiny": 0.00001,
          "Yes": true, "No": false, "Nil": null, "Empty": "", "Quoted": "say \"hi\"\t<b>",
          "State": { "Status": "running", "Pid": 99, "Running": true, "Health": null },
          "Cmd": ["sh", "-c", "sleep 1"], "Numbers": [3, 1, 2], "Mixed": ["a", 1, true, null], "None": [],
          "Labels": { "b": "two", "a": "one", "com.example.x": "dotted" }, "NoLabels": {},
          "Mounts": [ { "Source": "/s1", "Destination": "/d1" }, { "Source": "/s2", "Destination": "/d2" } ],
          "Networks": { "none": { "IPAddress": "", "Gateway": "gw" } },
          "Bad": "a\u001b[31mb\u202ec\u009bd\ne", "Umlaut": "größe"
        }
        """;

    internal static GoStruct Value { get; } = Of(Json);

    internal static GoStruct Of(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return (GoStruct)Of(document.RootElement, "the value");
    }

    internal static string Rendered(string template) => Template.Parse(template).Render(Value);

    private static GoValue Of(JsonElement json, string name)
    {
        if (json.ValueKind == JsonValueKind.Array)
            return new GoList([.. json.EnumerateArray().Select(item => Of(item, name))]);
        if (json.ValueKind != JsonValueKind.Object)
            return JsonValues.Of(json.Clone());
        KeyValuePair<string, GoValue>[] fields = [.. json.EnumerateObject().Select(entry => new KeyValuePair<string, GoValue>(entry.Name, Of(entry.Value, entry.Name)))];
        if (fields.Length > 0 && char.IsUpper(fields[0].Key[0]))
            return new GoStruct(name, fields, []);
        return new GoMap(new SortedDictionary<string, GoValue>(fields.ToDictionary(field => field.Key, field => field.Value), StringComparer.Ordinal),
            fields.All(field => field.Value is GoText) ? new GoText("") : GoNothing.Value);
    }
}
