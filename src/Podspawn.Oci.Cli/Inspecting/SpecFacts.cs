using System.Text.Json;

namespace Podspawn.Oci.Cli.Inspecting;

/// <summary>Reads what a container's config.json (OCI runtime spec) tells, as it was given to the runtime.</summary>
/// <param name="Json">The document.</param>
internal readonly record struct SpecFacts(JsonElement Json)
{
    /// <summary>What lies at a path of names; an undefined value where something on the way is missing.</summary>
    internal SpecFacts this[params ReadOnlySpan<string> path]
    {
        get
        {
            JsonElement at = Json;
            foreach (string name in path)
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                    return default;
            }
            return new SpecFacts(at);
        }
    }

    internal bool IsThere => Json.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The text; empty where there is none.</summary>
    internal string Text => Json.ValueKind == JsonValueKind.String ? Json.GetString()! : "";

    /// <summary>The number; 0 where there is none.</summary>
    internal long Number => Json.ValueKind == JsonValueKind.Number && Json.TryGetInt64(out long number) ? number : 0;

    internal bool Flag => Json.ValueKind == JsonValueKind.True;

    /// <summary>The items of a list; none where there is no list.</summary>
    internal IEnumerable<SpecFacts> Items => Json.ValueKind == JsonValueKind.Array ? Json.EnumerateArray().Select(item => new SpecFacts(item)) : [];

    /// <summary>The texts of a list.</summary>
    internal IReadOnlyList<string> Texts => [.. Items.Select(item => item.Text)];

    /// <summary>The texts of a map.</summary>
    internal IReadOnlyDictionary<string, string> Pairs => Json.ValueKind == JsonValueKind.Object
        ? Json.EnumerateObject().ToDictionary(entry => entry.Name, entry => new SpecFacts(entry.Value).Text) : new Dictionary<string, string>();
}
