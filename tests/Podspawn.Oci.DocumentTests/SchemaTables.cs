using System.Text;
using System.Text.Json.Nodes;
using Podspawn.Oci.Schemas;

namespace Podspawn.Oci.DocumentTests;

/// <summary>The keys of a file's format as tables, one for each map in it, from its JSON Schema.</summary>
internal sealed class SchemaTables
{
    private const string Definitions = "#/$defs/";
    // The largest possible number is no limit.
    private const string Largest = "9223372036854775807";

    private readonly JsonObject root;
    private readonly IReadOnlyDictionary<string, string> elsewhere;
    private readonly StringBuilder page = new();

    private SchemaTables(JsonObject root, IReadOnlyDictionary<string, string> elsewhere) => (this.root, this.elsewhere) = (root, elsewhere);

    /// <summary>The tables of a schema.</summary>
    /// <param name="name">Its name, as the verb <c>schema</c> accepts it.</param>
    /// <param name="elsewhere">Definitions that have their own page, and that page.</param>
    internal static string Of(string name, IReadOnlyDictionary<string, string> elsewhere)
    {
        using Stream stream = SchemaFiles.Open(name);
        JsonObject root = JsonNode.Parse(stream)!.AsObject();
        var tables = new SchemaTables(root, elsewhere);
        tables.Write("", root);
        return tables.page.ToString();
    }

    private void Write(string path, JsonObject schema)
    {
        JsonObject whole = Resolved(schema);
        if (whole["properties"] is JsonObject keys)
        {
            string[] required = [.. whole["required"]?.AsArray().Select(key => (string)key!) ?? []];
            if (path.Length > 0)
                page.Append("\n### ").Append(Markdown.Code(path)).Append('\n');
            page.Append('\n').Append(Markdown.Table(["key", "type", "default", "meaning"], keys.Select(key => Row(key.Key, key.Value!.AsObject(), required.Contains(key.Key)))));
            foreach ((string key, JsonNode? value) in keys)
                Write(path.Length == 0 ? key : $"{path}.{key}", value!.AsObject());
        }
        if (whole["items"] is JsonObject items)
            Write($"{path}[]", items);
        if (whole["additionalProperties"] is JsonObject values)
            Write($"{path}.NAME", values);
        foreach (JsonNode? branch in whole["anyOf"]?.AsArray() ?? [])
        {
            if (!elsewhere.ContainsKey(Reference(branch!.AsObject()) ?? ""))
                Write(path, branch.AsObject());
        }
    }

    private string[] Row(string key, JsonObject schema, bool required) =>
        [Markdown.Code(key), Type(schema), schema["default"] is { } value ? Markdown.Code(Flow(value)) : "", $"{Meaning(schema)}{(required ? " Required." : "")}"];

    private string Meaning(JsonObject schema)
    {
        var sentences = new List<string>();
        for (JsonObject? part = schema; part is not null; part = Target(part))
            Add(sentences, part);
        if (Resolved(schema)["items"] is JsonObject items)
        {
            for (JsonObject? part = items; part is not null; part = Target(part))
                Add(sentences, part, "Each: ");
        }
        if (schema["examples"]?.AsArray() is { Count: > 0 } examples)
            sentences.Add($"For example {string.Join(", ", examples.Select(example => Markdown.Code(Flow(example!))))}.");
        foreach (JsonNode? branch in (Resolved(schema)["additionalProperties"] as JsonObject)?["anyOf"]?.AsArray() ?? [])
        {
            if (elsewhere.TryGetValue(Reference(branch!.AsObject()) ?? "", out string? other))
                sentences.Add($"Its keys are in [{other}]({other}).");
        }
        return string.Join(' ', sentences);
    }

    private static void Add(List<string> sentences, JsonObject schema, string before = "")
    {
        // A definition's text may only repeat that of the key that uses it.
        if ((string?)schema["description"] is { } text && !sentences.Exists(said => said.StartsWith(text.TrimEnd('.'), StringComparison.Ordinal)))
            sentences.Add(before + Markdown.Prose(before.Length > 0 ? char.ToLowerInvariant(text[0]) + text[1..] : text));
    }

    private string Type(JsonObject schema)
    {
        JsonObject whole = Resolved(schema);
        if (whole["anyOf"] is JsonArray branches && whole["type"] is null)
        {
            string[] types = [.. branches.Select(branch => Type(branch!.AsObject())).Where(type => type.Length > 0).Distinct()];
            // "0 or a number" means the same as "a number".
            return string.Join(" or ", types.Where(type => type is not "`0`" || types.Length == 1));
        }
        if (whole["const"] is { } only)
            return Markdown.Code(Flow(only));
        if (whole["enum"] is JsonArray values)
            return string.Join(", ", values.OfType<JsonNode>().Select(value => Markdown.Code(Flow(value))));
        string[] names = whole["type"] switch
        {
            JsonArray several => [.. several.Select(type => (string)type!)],
            JsonNode one => [(string)one!],
            null => [],
        };
        return string.Join(" or ", names.Where(type => type != "null").Select(type => $"{Word(type)}{Range(whole)}"));
    }

    private static string Word(string type) => type switch
    {
        "boolean" => "true or false",
        "array" => "list",
        "object" => "map",
        "string" => "text",
        _ => type,
    };

    private static string Range(JsonObject schema) => (schema["minimum"]?.ToJsonString(), schema["maximum"]?.ToJsonString()) switch
    {
        (null, null) => "",
        ({ } least, null or Largest) => $" from {least}",
        (null, { } most) => $" up to {most}",
        ({ } least, { } most) => $" from {least} to {most}",
    };

    private JsonObject Resolved(JsonObject schema)
    {
        while (Target(schema) is { } target)
            schema = target;
        return schema;
    }

    private JsonObject? Target(JsonObject schema) => Reference(schema) is { } name ? root["$defs"]![name]!.AsObject() : null;

    private static string? Reference(JsonObject schema) =>
        (string?)schema["$ref"] is { } reference && reference.StartsWith(Definitions, StringComparison.Ordinal) ? reference[Definitions.Length..] : null;

    // In YAML on one line.
    private static string Flow(JsonNode value) => value switch
    {
        JsonArray list => $"[{string.Join(", ", list.Select(item => Flow(item!)))}]",
        JsonValue text when text.TryGetValue(out string? plain) => plain.Length == 0 ? "\"\"" : plain,
        _ => value.ToJsonString(),
    };
}
