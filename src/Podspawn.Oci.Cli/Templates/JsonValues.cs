using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Podspawn.Oci.Cli.Templates;

/// <summary>Makes values of JSON. The type that the JSON was written from tells groups of fixed fields and maps apart, which JSON does not.</summary>
internal static class JsonValues
{
    /// <summary>The value of an object that <c>--format json</c> would print.</summary>
    /// <param name="value">The object.</param>
    /// <param name="type">Its type.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="shown">Fields that have another form in templates than in JSON, or are only there.</param>
    internal static GoStruct Of<T>(T value, JsonTypeInfo<T> type, string name, IReadOnlyCollection<KeyValuePair<string, GoValue>>? shown = null)
    {
        JsonElement json = JsonSerializer.SerializeToElement(value, type);
        return Struct(json, type, name) with { Shown = [.. shown ?? []] };
    }

    /// <summary>The names of a type's fields.</summary>
    internal static IEnumerable<string> NamesOf(JsonTypeInfo type) => type.Properties.Select(property => property.Name);

    /// <summary>The value of JSON of no known type: its objects are maps.</summary>
    internal static GoValue Of(JsonElement json) => Read(json, null, "");

    private static GoValue Read(JsonElement json, JsonTypeInfo? type, string name)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object when type is { Kind: JsonTypeInfoKind.Object }:
                return Struct(json, type, name);
            case JsonValueKind.Object:
                JsonTypeInfo? elements = ElementsOf(type);
                var entries = new SortedDictionary<string, GoValue>(StringComparer.Ordinal);
                foreach (JsonProperty entry in json.EnumerateObject())
                    entries[entry.Name] = InMap(Read(entry.Value, elements, entry.Name));
                return new GoMap(entries, elements?.Type == typeof(string) ? new GoText("") : GoNothing.Value);
            case JsonValueKind.Array:
                JsonTypeInfo? items = ElementsOf(type);
                return new GoList([.. json.EnumerateArray().Select(item => Read(item, items, name))]);
            case JsonValueKind.String:
                return new GoText(json.GetString()!, Foreign: true);
            case JsonValueKind.Number:
                return Int128.TryParse(json.GetRawText(), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out Int128 whole)
                    ? new GoInt(whole) : new GoFloat(json.GetDouble());
            case JsonValueKind.True or JsonValueKind.False:
                return new GoBool(json.GetBoolean());
            default:
                return GoNil.Value;
        }
    }

    // As in Go a map's nil is printed as if it were not there.
    private static GoValue InMap(GoValue value) => value is GoNil ? GoNothing.Value : value;

    private static GoStruct Struct(JsonElement json, JsonTypeInfo type, string name)
    {
        var fields = new List<KeyValuePair<string, GoValue>>();
        foreach (JsonProperty property in json.EnumerateObject())
        {
            JsonPropertyInfo? known = type.Properties.FirstOrDefault(known => known.Name == property.Name);
            fields.Add(new(property.Name, Read(property.Value, known is null ? null : TypeOf(type, known.PropertyType), property.Name)));
        }
        return new GoStruct(name, fields, []);
    }

    private static JsonTypeInfo? ElementsOf(JsonTypeInfo? type) => type?.ElementType is { } elements ? TypeOf(type, elements) : null;

    private static JsonTypeInfo? TypeOf(JsonTypeInfo parent, Type type) => parent.Options.TryGetTypeInfo(type, out JsonTypeInfo? info) ? info : null;
}
